// exp, log and powers. See CKernelsElementary.h.
#include "CKernels.h"

#include "elementary/exp.h"

double qk_exp(double x) {
    if (x != x) {
        return x;
    }
    return x < 709 ? qk_exp_small(x) : __builtin_inf();
}

// x = m * 2^exponent with m in [1 / sqrt 2, sqrt 2), for a positive finite x.
static double reduced(double x, double *exponent) {
    double shift = 0;
    if (x < 0x1p-1022) {
        x *= 0x1p54;
        shift = -54;
    }
    uint64_t bits, one = UINT64_C(1023) << 52;
    memcpy(&bits, &x, sizeof bits);
    *exponent = (double)((int64_t)(bits >> 52) - 1023) + shift;
    bits = (bits & ((UINT64_C(1) << 52) - 1)) | one;
    double m;
    memcpy(&m, &bits, sizeof m);
    if (m > 1.4142135623730951) {
        m /= 2;
        *exponent += 1;
    }
    return m;
}

// With s = (m - 1) / (m + 1) and z = s^2 <= 0.0295, log m = 2 s (1 + z / 3 + z^2 / 5 + ...). This
// is 2 / 5 + 2 z / 7 + ... to z^8.
static double tail(double z) {
    double sum = 0x1.8618618618618p-4 * z + 0x1.af286bca1af28p-4;
    sum = sum * z + 0x1.e1e1e1e1e1e1ep-4;
    sum = sum * z + 0x1.1111111111111p-3;
    sum = sum * z + 0x1.3b13b13b13b14p-3;
    sum = sum * z + 0x1.745d1745d1746p-3;
    sum = sum * z + 0x1.c71c71c71c71cp-3;
    sum = sum * z + 0x1.2492492492492p-2;
    return sum * z + 0x1.999999999999ap-2;
}

double qk_log(double x) {
    if (!(x > 0) || x == __builtin_inf()) {
        return x == 0 ? -__builtin_inf() : x > 0 ? x : __builtin_nan("");
    }
    double exponent, f = reduced(x, &exponent) - 1;
    // 2 s = f - s f: so nothing but f itself, which is exact, is as large as the result.
    double s = f / (2 + f), z = s * s, half = 0.5 * f * f;
    double rest = s * (half + z * (0x1.5555555555555p-1 + z * tail(z)));
    return exponent * QK_LN2_HIGH - ((half - (rest + exponent * QK_LN2_LOW)) - f);
}

// A sum of two doubles that says what its first part has lost.
typedef struct pair {
    double high, low;
} pair;

static pair exact_sum(double a, double b) {
    double sum = a + b, part = sum - a;
    return (pair){sum, (a - (sum - part)) + (b - part)};
}

// In halves of 26 bits, whose products are exact (Dekker 1971); |a|, |b| below 2^990.
static pair exact_product(double a, double b) {
    const double split = 0x1p27 + 1;
    double p = a * split, q = b * split;
    double a1 = p - (p - a), a0 = a - a1, b1 = q - (q - b), b0 = b - b1;
    double product = a * b;
    return (pair){product, ((a1 * b1 - product) + a1 * b0 + a0 * b1) + a0 * b0};
}

static pair product(pair a, pair b) {
    pair p = exact_product(a.high, b.high);
    return exact_sum(p.high, p.low + (a.high * b.low + a.low * b.high));
}

static pair sum(pair a, pair b) {
    pair s = exact_sum(a.high, b.high);
    return exact_sum(s.high, s.low + (a.low + b.low));
}

// log x to about 65 bits.
static pair long_log(double x) {
    double exponent, m = reduced(x, &exponent), f = m - 1;
    pair below = exact_sum(m, 1), s = {f / below.high, 0};
    pair back = exact_product(s.high, below.high);
    s.low = (((f - back.high) - back.low) - s.high * below.low) / below.high;
    pair z = product(s, s), third = {0x1.5555555555555p-1, 0x1.5555555555555p-55};
    pair series = product(z, third);
    series = sum(series, (pair){z.high * z.high * tail(z.high), 0});
    pair whole = exact_product(exponent, QK_LN2_LOW);
    whole = sum((pair){exponent * QK_LN2_HIGH, 0}, whole);
    return sum(whole, sum((pair){2 * s.high, 2 * s.low}, product(s, series)));
}

double qk_power(double x, double y) {
    if (!(x > 0) || y != y || x == __builtin_inf()) {
        return __builtin_nan("");
    }
    pair l = long_log(x);
    double whole = y * l.high;
    if (!(whole > -708 && whole < 709)) {
        return whole != whole ? 1 : whole < 0 ? 0 : __builtin_inf();
    }
    pair p = exact_product(y, l.high);
    p.low += y * l.low;
    double shifted, k = qk_whole_octaves(p.high, &shifted);
    double first = p.high - k * QK_LN2_HIGH, second = k * QK_LN2_LOW - p.low;
    double r = first - second, left = (first - r) - second;
    return (1 + (r + (r * r * qk_exp_series(r) + left))) * qk_octaves(shifted);
}
