// Sines and cosines. See CKernelsElementary.h.
#include "CKernels.h"

#include <string.h>

__extension__ typedef unsigned __int128 wide;

// 2 / pi, its first 1,216 bits below the point, after 64 bits above it.
static const uint64_t two_over_pi[20] = {
    0x0000000000000000, 0xA2F9836E4E441529, 0xFC2757D1F534DDC0, 0xDB6295993C439041,
    0xFE5163ABDEBBC561, 0xB7246E3A424DD2E0, 0x06492EEA09D1921C, 0xFE1DEB1CB129A73E,
    0xE88235F52EBB4484, 0xE99C7026B45F7E41, 0x3991D639835339F4, 0x9C845F8BBDF9283B,
    0x1FF897FFDE05980F, 0xEF2F118B5A0A6D1F, 0x6D367ECF27CB09B7, 0x4F463F669E5FEA2D,
    0x7527BAC7EBE5F17B, 0x3D0739F78A5292EA, 0x6BFB5FB11F8D5D08, 0x56033046FC7B6BAB,
};

// An angle less `quarters` times pi / 2, in [-pi / 4, pi / 4], as a sum of two doubles.
typedef struct turn {
    double high, low;
    int quarters;
} turn;

static double power_of_two(int n) {
    uint64_t bits = (uint64_t)(n + 1023) << 52;
    double x;
    memcpy(&x, &bits, sizeof x);
    return x;
}

// `fraction` * 2^-128 quarters of a turn.
static turn from_fraction(wide fraction, int quarters, bool negative) {
    // The nearest quarter: what is left may be below zero.
    bool below = fraction >> 127 != 0;
    wide size = below ? -fraction : fraction;
    turn t = {.quarters = negative ? -(quarters + below) : quarters + below};
    if (size == 0) {
        return t;
    }
    uint64_t upper = (uint64_t)(size >> 64);
    int zeros = upper != 0 ? __builtin_clzll(upper) : 64 + __builtin_clzll((uint64_t)size);
    // 64 bits of it, times 64 bits of pi / 2: the angle is that, times 2^(-127 - zeros).
    wide angle = (wide)(uint64_t)(size << zeros >> 64) * 0xC90FDAA22168C235;
    uint64_t first = (uint64_t)(angle >> 75), rest = (uint64_t)(angle >> 22) & 0x1FFFFFFFFFFFFF;
    double sign = below != negative ? -1 : 1, unit = sign * power_of_two(-52 - zeros);
    t.high = (double)first * unit;
    t.low = (double)rest * (unit * 0x1p-53);
    return t;
}

// As Payne and Hanek (1983): of 2 / pi only those bits are multiplied that say where in a turn a
// finite angle is, and 190 below them; no double comes nearer to a quarter than 2^-62.
static turn reduced(double angle) {
    uint64_t bits;
    memcpy(&bits, &angle, sizeof bits);
    int exponent = (int)(bits >> 52 & 2047);
    if (exponent < 1022) {  // below 1 / 2
        return (turn){.high = angle};
    }
    // angle = m * 2^(exponent - 1075), and the bits of 2 / pi before these make whole turns of it.
    uint64_t m = (bits & 0xFFFFFFFFFFFFF) | UINT64_C(1) << 52, w[3];
    int from = exponent - 1075 + 62, shift = from % 64;
    const uint64_t *p = two_over_pi + from / 64;
    for (int i = 0; i < 3; i++) {
        w[i] = shift == 0 ? p[i] : p[i] << shift | p[i + 1] >> (64 - shift);
    }
    // The last 192 bits of m * w: two for the quarters, then the fraction.
    wide low = (wide)m * w[2], middle = (wide)m * w[1] + (low >> 64);
    uint64_t top = m * w[0] + (uint64_t)(middle >> 64);
    wide fraction = (wide)top << 66 | (wide)(uint64_t)middle << 2 | (uint64_t)low >> 62;
    return from_fraction(fraction, (int)(top >> 62), bits >> 63 != 0);
}

// In [-pi / 4, pi / 4]: Taylor's series, to r^17 and r^16.
static double sine_of(turn t) {
    double z = t.high * t.high;
    double sum = 0x1.952c77030ad4ap-49 * z - 0x1.ae7f3e733b81fp-41;
    sum = sum * z + 0x1.6124613a86d09p-33;
    sum = sum * z - 0x1.ae64567f544e4p-26;
    sum = sum * z + 0x1.71de3a556c734p-19;
    sum = sum * z - 0x1.a01a01a01a01ap-13;
    sum = sum * z + 0x1.1111111111111p-7;
    sum = sum * z - 0x1.5555555555555p-3;
    // The sine of r + l is that of r, and l times r's cosine.
    return t.high + (t.high * z * sum + t.low * (1 - 0.5 * z));
}

static double cosine_of(turn t) {
    double z = t.high * t.high;
    double sum = 0x1.ae7f3e733b81fp-45 * z - 0x1.93974a8c07c9dp-37;
    sum = sum * z + 0x1.1eed8eff8d898p-29;
    sum = sum * z - 0x1.27e4fb7789f5cp-22;
    sum = sum * z + 0x1.a01a01a01a01ap-16;
    sum = sum * z - 0x1.6c16c16c16c17p-10;
    sum = sum * z + 0x1.5555555555555p-5;
    double half = 0.5 * z, most = 1 - half;
    return most + (((1 - most) - half) + (z * z * sum - t.high * t.low));
}

void qk_sine_cosine(double angle, double *sine, double *cosine) {
    if (!(angle - angle == 0)) {
        *sine = *cosine = __builtin_nan("");
        return;
    }
    turn t = reduced(angle);
    double s = sine_of(t), c = cosine_of(t);
    switch (t.quarters & 3) {
    case 0: *sine = s, *cosine = c; break;
    case 1: *sine = c, *cosine = -s; break;
    case 2: *sine = -s, *cosine = -c; break;
    default: *sine = -c, *cosine = s;
    }
}

void qk_rotations(double position, const double *frequencies, size_t n, double magnitude,
                  float *cosines, float *sines) {
    for (size_t i = 0; i < n; i++) {
        double sine, cosine;
        qk_sine_cosine(position * frequencies[i], &sine, &cosine);
        cosines[i] = (float)(cosine * magnitude);
        sines[i] = (float)(sine * magnitude);
    }
}
