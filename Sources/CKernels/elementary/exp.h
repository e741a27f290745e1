// The series of the exponential, for what is inlined into loops and for elementary/powers.c.
#ifndef QK_ELEMENTARY_EXP_H
#define QK_ELEMENTARY_EXP_H

#include <stdint.h>
#include <string.h>

// ln 2 in two parts: the first has 32 bits, so that its multiples by exponents are exact.
#define QK_LN2_HIGH 0x1.62E42FEEp-1
#define QK_LN2_LOW 0x1.A39EF35793C76p-33

// x = k ln 2 + what is left, with k an integer; in the low bits of *shifted as well.
static inline double qk_whole_octaves(double x, double *shifted) {
    const double rounding = 0x1.8p52;
    *shifted = x * 1.4426950408889634 + rounding;
    return *shifted - rounding;
}

// 2 to the power k, given what qk_whole_octaves() has left of a k in [-1022, 1023].
static inline double qk_octaves(double shifted) {
    uint64_t bits;
    memcpy(&bits, &shifted, sizeof bits);
    bits = (bits + 1023) << 52;
    double scale;
    memcpy(&scale, &bits, sizeof scale);
    return scale;
}

// (exp(r) - 1 - r) / r^2 for |r| <= ln 2 / 2: 1 / n! for n from 13 down to 2.
static inline double qk_exp_series(double r) {
    double sum = 0x1.6124613a86d0ap-33 * r + 0x1.1eed8eff8d898p-29;
    sum = sum * r + 0x1.ae64567f544e4p-26;
    sum = sum * r + 0x1.27e4fb7789f5dp-22;
    sum = sum * r + 0x1.71de3a556c734p-19;
    sum = sum * r + 0x1.a01a01a01a01ap-16;
    sum = sum * r + 0x1.a01a01a01a01ap-13;
    sum = sum * r + 0x1.6c16c16c16c17p-10;
    sum = sum * r + 0x1.1111111111111p-7;
    sum = sum * r + 0x1.5555555555555p-5;
    sum = sum * r + 0x1.5555555555555p-3;
    return sum * r + 0.5;
}

// e to the power x < 709, 0 below -708, without a branch; a NaN becomes 0.
static inline double qk_exp_small(double x) {
    double shifted, k = qk_whole_octaves(x, &shifted);
    double r = (x - k * QK_LN2_HIGH) - k * QK_LN2_LOW;
    double sum = (qk_exp_series(r) * r + 1) * r + 1;
    return x > -708 ? sum * qk_octaves(shifted) : 0;
}

#endif
