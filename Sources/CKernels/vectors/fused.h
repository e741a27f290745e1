// The fused product of floats in plain C, with the bits that the instructions give. C's own fma is
// a call of the mathematics library where the processor is not known to have one.
#ifndef QK_FUSED_H
#define QK_FUSED_H

#include <stdbool.h>

#include "vectors/half.h"

// a * b + c rounded to odd: where it is not exact, its last bit is 1, so that rounding it once more
// to a shorter format gives what rounding the exact value would (Boldo and Melquiond 2008). The
// product of two floats is exact; what the sum has lost is found by Knuth's two-sum.
static inline double qk_fma_to_odd(float a, float b, float c) {
    double p = (double)a * (double)b, x = (double)c, s = p + x;
    double back = s - p, lost = (p - (s - back)) + (x - back);
    uint64_t bits, other;
    memcpy(&bits, &s, sizeof bits);
    memcpy(&other, &lost, sizeof other);
    // Neither holds for NaN, which sums that are not finite have lost.
    uint64_t odd = (uint64_t)((lost < 0) | (lost > 0)) & ~bits;
    // A bit more of magnitude, or less where what was lost has the other sign.
    bits += odd - 2 * (odd & (bits ^ other) >> 63);
    memcpy(&s, &bits, sizeof s);
    return s;
}

// a * b + c, rounded once.
static inline float qk_fma(float a, float b, float c) {
    return (float)qk_fma_to_odd(a, b, c);
}

// The same with subnormal numbers taken and given as 0, as products of bf16 have it
// (attention/pairs.h). A result is subnormal if it is so when rounded to 24 bits without a bound of
// the exponent: within 2^-151 of the smallest normal number it is not.
static inline float qk_fma_flushed(float a, float b, float c) {
    double s = qk_fma_to_odd(qk_flushed(a), qk_flushed(b), qk_flushed(c));
    bool tiny = s < 0x1.ffffffp-127 && s > -0x1.ffffffp-127;
    uint32_t bits = qk_bits((float)s);
    return qk_float(tiny ? bits & 0x80000000 : bits);
}

#endif
