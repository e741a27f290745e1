// What rounding activations to bytes leaves over; portable, and the same bits at every level.
#include "CKernels.h"

void qk_residual(float *x, size_t columns, const qk_activations *rounded, size_t row) {
    size_t base = row * rounded->padded;
    const int8_t *bytes = rounded->values + base;
    const float *scales = rounded->scales + base / 32;
    for (size_t start = 0; start < columns; start += 32) {
        float scale = scales[start / 32];
        size_t end = start + 32 < columns ? start + 32 : columns;
        for (size_t i = start; i < end; i++) {
            x[i] -= scale * (float)bytes[i];
        }
    }
}
