#include "suite.h"

// Between 2^-20 and 2^20, either sign.
static double number(suite *s) {
    uint64_t bits = suite_bits(s), sign = bits >> 63 << 63;
    uint64_t exponent = 1003 + (bits >> 52 & 1023) % 40;
    bits = sign | exponent << 52 | (bits & 0xFFFFFFFFFFFFF);
    double x;
    memcpy(&x, &bits, sizeof x);
    return x;
}

static double positive(suite *s) {
    double x = number(s);
    return x < 0 ? -x : x;
}

enum { COUNT = 500 };

static void exponential(suite *s, int a, int b) {
    (void)a, (void)b;
    for (int i = 0; i < COUNT; i++) {
        suite_add_double(s, qk_exp(number(s)));
    }
}

static void logarithm(suite *s, int a, int b) {
    (void)a, (void)b;
    for (int i = 0; i < COUNT; i++) {
        suite_add_double(s, qk_log(positive(s)));
    }
}

static void power(suite *s, int a, int b) {
    (void)a, (void)b;
    for (int i = 0; i < COUNT; i++) {
        double x = positive(s);
        suite_add_double(s, qk_power(x, number(s)));
    }
}

static void turning(suite *s, int a, int b) {
    (void)a, (void)b;
    for (int i = 0; i < COUNT; i++) {
        double sine, cosine;
        qk_sine_cosine(number(s), &sine, &cosine);
        suite_add_double(s, sine);
        suite_add_double(s, cosine);
    }
}

static void rotations(suite *s, int size, int b) {
    (void)b;
    double frequencies[128];
    for (int i = 0; i < size; i++) {
        frequencies[i] = 1 / qk_power(500000, (double)i / size);
    }
    static const double positions[] = {0, 1, 77, 4095, 131071, 1048575};
    for (size_t p = 0; p < sizeof positions / sizeof *positions; p++) {
        size_t bytes = (size_t)size * sizeof(float);
        float *cosines = suite_output(s, bytes), *sines = suite_output(s, bytes);
        qk_rotations(positions[p], frequencies, (size_t)size, 1.25, cosines, sines);
        suite_take_floats(s, cosines, (size_t)size);
        suite_take_floats(s, sines, (size_t)size);
    }
}

void elementary_cases(suite *s) {
    suite_case(s, "exp in double", exponential, 0, 0);
    suite_case(s, "log in double", logarithm, 1, 0);
    suite_case(s, "powers in double", power, 2, 0);
    suite_case(s, "sines and cosines in double", turning, 3, 0);
    suite_case(s, "rotations of 64 pairs", rotations, 64, 0);
}
