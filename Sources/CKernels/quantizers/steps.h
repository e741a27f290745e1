// What quantizers share: integers as floats, and sums whose order is fixed.
#ifndef QK_QUANTIZER_STEPS_H
#define QK_QUANTIZER_STEPS_H

#include <math.h>
#include <string.h>

#include "CKernels.h"
#include "vectors/half.h"

enum { QK_SUM_LANES = 8 };

// The nearest integer from `low` to `high`; `low` for what is not a number. Next to 1.5 * 2^23 the
// last bit of a float is worth 1, and the bounds come first, so that the sum stays there.
static inline float qk_step(float x, float low, float high) {
    x = x > low ? x : low;
    x = x < high ? x : high;
    return (x + 12582912.0f) - 12582912.0f;
}

// The lanes of a sum in one order.
static inline float qk_sum_of_lanes(const float *s) {
    return ((s[0] + s[4]) + (s[2] + s[6])) + ((s[1] + s[5]) + (s[3] + s[7]));
}

static inline void qk_put_half(uint8_t *out, uint16_t half) {
    out[0] = (uint8_t)half;
    out[1] = (uint8_t)(half >> 8);
}

// One over a step, and 0 over none: all is 0 then.
static inline float qk_inverse(float step) { return step != 0 ? 1 / step : 0; }

void qk_quantize_q4_K(const float *weights, uint8_t *out);
void qk_quantize_q5_K(const float *weights, uint8_t *out);
void qk_quantize_q6_K(const float *weights, uint8_t *out);

#endif
