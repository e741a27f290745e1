// The fused product of floats in plain C, with the bits that the instructions give. C's own fma is
// a call of the mathematics library where the processor is not known to have one.
#ifndef QK_FMA_H
#define QK_FMA_H

#include <stdint.h>
#include <string.h>

// a * b + c, rounded once. The product of two floats is exact in double precision. Its sum with c
// is rounded to odd: where it is not exact its last bit is 1, so that rounding it again, to single
// precision, gives what rounding the exact value would (Boldo and Melquiond 2008).
static inline float qk_fma(float a, float b, float c) {
    double p = (double)a * (double)b, x = (double)c, s = p + x;
    // What the sum has lost (Knuth's two-sum); NaN where the sum is not finite.
    double back = s - p, lost = (p - (s - back)) + (x - back);
    uint64_t bits, other;
    memcpy(&bits, &s, sizeof bits);
    memcpy(&other, &lost, sizeof other);
    uint64_t odd = (uint64_t)((lost < 0) | (lost > 0)) & ~bits;
    // One more in magnitude, or one less where what was lost has the other sign.
    bits += odd - 2 * (odd & (bits ^ other) >> 63);
    memcpy(&s, &bits, sizeof s);
    return (float)s;
}

#endif
