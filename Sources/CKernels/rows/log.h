// The natural logarithm in plain arithmetic: Engine's Elementary.log, bit for bit.
#ifndef QK_ROWS_LOG_H
#define QK_ROWS_LOG_H

#include <stdint.h>
#include <string.h>

// Of a positive normal number, within 2 ulp; NaN stays.
static inline double row_log(double x) {
    uint64_t bits;
    memcpy(&bits, &x, sizeof bits);
    if (x != x) {
        return x;
    }
    double exponent = (double)((int64_t)(bits >> 52) - 1023), mantissa;
    bits = (bits & 0xfffffffffffff) | 0x3ff0000000000000;
    memcpy(&mantissa, &bits, sizeof mantissa);
    if (mantissa > 1.4142135623730951) {
        mantissa /= 2;
        exponent += 1;
    }
    // log m = 2 artanh s with s = (m - 1) / (m + 1), |s| <= 0.172: 12 terms of the series.
    double s = (mantissa - 1) / (mantissa + 1), square = s * s, sum = 0;
    for (int n = 23; n >= 3; n -= 2) {
        sum = (sum + 1 / (double)n) * square;
    }
    double low = exponent * 0x1.A39EF35793C76p-33;
    return exponent * 0x1.62E42FEEp-1 + (2 * s + (2 * s * sum + low));
}

#endif
