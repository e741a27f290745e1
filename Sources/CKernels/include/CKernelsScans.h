// Scans of a row of logits, for choosing tokens. Included by CKernels.h. The same bits at every
// level.
#ifndef CKERNELS_SCANS_H
#define CKERNELS_SCANS_H

#include <stddef.h>
#include <stdint.h>

#pragma clang assume_nonnull begin

// The largest values of rows that are seen part by part, a lane each sixteenth of a part: where
// they are, and whether any was NaN. Nothing was seen: all bytes 0, but `largest` -inf and `index`
// INT32_MAX.
enum { QK_PEAK_LANES = 16 };
typedef struct qk_peak {
    float largest[QK_PEAK_LANES];
    int32_t index[QK_PEAK_LANES];
    int32_t spoilt[QK_PEAK_LANES];
} qk_peak;

typedef struct qk_scans {
    // The largest value, NaN where any is NaN, and the first index that holds it; 0 where there
    // is none.
    float (*peak)(const float *x, size_t n, size_t *index);
    // Takes in a part of a row, from index `first` on; parts in any order.
    void (*peak_part)(const float *x, size_t n, int32_t first, qk_peak *peak);
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

// Adds what another has seen of the same row.
static inline void qk_peak_add(const qk_peak *other, qk_peak *peak) {
    for (size_t l = 0; l < QK_PEAK_LANES; l++) {
        float a = other->largest[l], b = peak->largest[l];
        int32_t at = other->index[l], was = peak->index[l];
        int above = (a > b) | ((a == b) & (at < was));
        peak->largest[l] = above ? a : b;
        peak->index[l] = above ? at : was;
        peak->spoilt[l] |= other->spoilt[l];
    }
}

#pragma clang assume_nonnull end
#endif
