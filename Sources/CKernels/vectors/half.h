// Conversions of 16-bit floats in integer arithmetic: round to nearest, ties to even. What is not a
// number becomes one and the same NaN: processors differ in the sign of those that they make.
#ifndef QK_HALF_H
#define QK_HALF_H

#include <stdint.h>
#include <string.h>

static inline uint32_t qk_bits(float x) {
    uint32_t bits;
    memcpy(&bits, &x, sizeof bits);
    return bits;
}

static inline float qk_float(uint32_t bits) {
    float x;
    memcpy(&x, &bits, sizeof x);
    return x;
}

static inline uint16_t qk_f16_from_f32(float x) {
    uint32_t bits = qk_bits(x), sign = bits >> 16 & 0x8000, a = bits & 0x7fffffff;
    if (a > 0x7f800000) {
        return 0x7e00;
    }
    if (a >= 0x47800000) {  // 2^16
        return (uint16_t)(sign | 0x7c00);
    }
    if (a < 0x38800000) {  // 2^-14: subnormal; the last bit of numbers near 0.5 is worth 2^-24
        return (uint16_t)(sign | (qk_bits(qk_float(a) + 0.5f) - qk_bits(0.5f)));
    }
    a += 0xfff + (a >> 13 & 1);
    return (uint16_t)(sign | (a - 0x38000000) >> 13);
}

static inline float qk_f32_from_f16(uint16_t h) {
    uint32_t sign = (uint32_t)(h & 0x8000) << 16, exponent = h >> 10 & 31, mantissa = h & 0x3ff;
    if (exponent == 31) {
        return qk_float(sign | 0x7f800000 | mantissa << 13 | (mantissa != 0 ? 0x400000u : 0));
    }
    if (exponent == 0) {
        float x = (float)mantissa * 0x1p-24f;
        return sign != 0 ? -x : x;
    }
    return qk_float(sign | (exponent + 112) << 23 | mantissa << 13);
}

static inline uint16_t qk_bf16_from_f32(float x) {
    uint32_t bits = qk_bits(x);
    if ((bits & 0x7fffffff) > 0x7f800000) {
        return 0x7fc0;
    }
    return (uint16_t)((bits + 0x7fff + (bits >> 16 & 1)) >> 16);
}

static inline float qk_f32_from_bf16(uint16_t h) { return qk_float((uint32_t)h << 16); }

// 0 in place of what is too small for a normal number, with its sign.
static inline float qk_flushed(float x) {
    uint32_t bits = qk_bits(x);
    return qk_float((bits & 0x7f800000) != 0 ? bits : bits & 0x80000000);
}

// The nearest bf16, as a float, as vcvtneps2bf16 has it: subnormal numbers count as 0.
static inline float qk_rounded_bf16(float x) {
    return qk_f32_from_bf16(qk_bf16_from_f32(qk_flushed(x)));
}

#endif
