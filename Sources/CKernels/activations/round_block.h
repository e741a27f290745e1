// Rounding 32 floats to bytes: the scale, and the portable form.
#ifndef QK_ROUND_BLOCK_H
#define QK_ROUND_BLOCK_H

#include <stdbool.h>
#include <stdint.h>
#include <string.h>

// What values are multiplied by, given the bits of the largest magnitude, and the block's scale.
//
// A largest value so small that its inverse overflows counts as zero. One that is not finite gives
// a scale that is NaN, and bytes that are zeros, so that products are NaN and nothing is hidden.
static inline float qk_block_scale(uint32_t bits_of_largest, float *inverse) {
    float largest;
    memcpy(&largest, &bits_of_largest, sizeof largest);
    bool normal = largest > 0x1p-120f;
    *inverse = normal ? 127.0f / largest : 0.0f;
    // NaN less NaN, or infinity less infinity, and 0 otherwise.
    return (normal ? largest / 127.0f : 0.0f) + (largest - largest);
}

// Adding this rounds to an integer in the low bits, ties to even, without a library call.
static const float qk_rounding = 0x1.8p23f;

#endif

#ifdef QK_PORTABLE_ROUND_BLOCK
static inline float qk_round_block(const float *values, int8_t *bytes, int32_t sums[2]) {
    // As bits, magnitudes compare like the floats, and NaN is above infinity.
    uint32_t most = 0;
    for (size_t i = 0; i < 32; i++) {
        uint32_t bits;
        memcpy(&bits, &values[i], sizeof bits);
        bits &= 0x7FFFFFFF;
        most = bits > most ? bits : most;
    }
    float inverse, scale = qk_block_scale(most, &inverse);
    sums[0] = 0;
    sums[1] = 0;
    for (size_t i = 0; i < 32; i++) {
        float shifted = values[i] * inverse + qk_rounding;
        int32_t bits;
        memcpy(&bits, &shifted, sizeof bits);
        bytes[i] = scale == scale ? (int8_t)bits : 0;
        sums[i / 16] += bytes[i];
    }
    return scale;
}

// What rounding left over; may be in place.
static inline void qk_subtract_block(const float *values, const int8_t *bytes, float scale,
                                     float *rest) {
    for (size_t i = 0; i < 32; i++) {
        rest[i] = values[i] - scale * (float)bytes[i];
    }
}
#endif
