// Scans of a row of logits, for choosing tokens. Included by CKernels.h. The same bits at every
// level.
#ifndef CKERNELS_SCANS_H
#define CKERNELS_SCANS_H

#include <stddef.h>
#include <stdint.h>

#pragma clang assume_nonnull begin

typedef struct qk_scans {
    // The largest value, NaN where any is NaN, and the first index that holds it; 0 where there
    // is none.
    float (*peak)(const float *x, size_t n, size_t *index);
    // out[i] = exp((x[i] - largest) * scale), or 0 where that is less than floor: no x is larger
    // than largest. Returns their sum and counts those above 0.
    double (*weights)(const float *x, size_t n, float largest, double scale, double floor,
                      double *out, size_t *count);
    // The first index up to which the weights add up to more than target, or the last weight above
    // 0; n where there is none.
    size_t (*crossing)(const double *weights, size_t n, double target);
    // The indices of the weights above 0 and at least floor, ascending; returns how many.
    size_t (*keep)(const double *weights, size_t n, double floor, uint32_t *indices);
    // The sum of exp(x[i] - largest).
    double (*exp_sum)(const float *x, size_t n, float largest);
    // How many values are above one.
    size_t (*count_above)(const float *x, size_t n, float value);
    // The first index from start on whose value is above one; n where there is none.
    size_t (*next_above)(const float *x, size_t start, size_t n, float value);
} qk_scans;

#pragma clang assume_nonnull end
#endif
