// The rotation of int8 keys and values.
//
// A few elements of a head may be many times larger than the others (the biases of some models'
// keys are), and one scale for all would leave the others a handful of steps. A Hadamard matrix
// over a head, divided by the root of its size, is a rotation that spreads each element over all
// (QuaRot, Ashkboos et al. 2024): queries and keys are both turned, so their products stay; values
// are turned, and what attention has made of them is turned back, by the same matrix.
#ifndef QK_ATTENTION_ROTATE_H
#define QK_ATTENTION_ROTATE_H

#include <math.h>
#include <stddef.h>

// Sums and differences of elements `half` apart.
#define QK_BUTTERFLIES(x, n, half)                        \
    for (size_t i = 0; i < (n); i += 2 * (half)) {        \
        for (size_t j = i; j < i + (half); j++) {         \
            float a = (x)[j], b = (x)[j + (half)];        \
            (x)[j] = a + b;                               \
            (x)[j + (half)] = a - b;                      \
        }                                                 \
    }

// Turns a head in place, in blocks of the largest power of two that divides its size; its own
// inverse but for rounding. In one order at all levels. O(n log n).
static inline void qk_rotate(float *x, size_t n) {
    size_t size = n & (~n + 1), half = 1;
    if (size >= 16) {
        // With constant strides these are shuffles of registers.
        for (float *block = x; block < x + n; block += 16) {
            QK_BUTTERFLIES(block, (size_t)16, (size_t)1)
            QK_BUTTERFLIES(block, (size_t)16, (size_t)2)
            QK_BUTTERFLIES(block, (size_t)16, (size_t)4)
            QK_BUTTERFLIES(block, (size_t)16, (size_t)8)
        }
        half = 16;
    }
    for (; half < size; half *= 2) {
        QK_BUTTERFLIES(x, n, half)
    }
    float scale = 1 / sqrtf((float)size);
    for (size_t i = 0; i < n; i++) {
        x[i] *= scale;
    }
}

#endif
