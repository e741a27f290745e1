// What the cases share: numbers, poisoned outputs, and sums.
#ifndef KERNEL_SUMS_SUITE_H
#define KERNEL_SUMS_SUITE_H

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "KernelSums.h"

typedef struct suite {
    const qk_table *table;
    const uint8_t *model;
    size_t model_bytes;
    void *context;
    kernel_sums_report report;
    uint64_t state;   // of the generator; a case begins with one of its own
    uint64_t sum;     // of the outputs so far
    int poison;       // what outputs are filled with before a kernel writes them
    int spilled;      // a kernel has written beyond an output
} suite;

typedef void (*case_body)(suite *s, int a, int b);

// Runs a case twice and reports it.
void suite_case(suite *s, const char *name, case_body body, int a, int b);

// Values whose arithmetic is seldom exact.
enum {
    USUAL,   // of magnitudes 2^-4 to 2, either sign
    WIDE,    // of magnitudes 2^-30 to 2^30
    ODD,     // with zeros, subnormals, infinities and NaN among them
    KINDS,
};
uint64_t suite_bits(suite *s);
float suite_float(suite *s, int kind);
void suite_floats(suite *s, float *x, size_t n, int kind);

// Memory of 64-byte alignment that holds the poison, and room behind it that must go on to.
void *suite_output(suite *s, size_t bytes);
// Memory of zeros.
void *suite_zeros(size_t bytes);
// Takes an output into the sum and frees it. A NaN is one NaN: its sign and payload are nobody's.
void suite_take_floats(suite *s, float *x, size_t n);
void suite_take(suite *s, void *bytes, size_t count);
// The same of what is no output of its own.
void suite_add(suite *s, uint64_t word);
void suite_add_float(suite *s, float x);
void suite_add_double(suite *s, double x);

// The families of cases, each a file.
void rows_cases(suite *s);
void scan_cases(suite *s);
void elementary_cases(suite *s);
void activation_cases(suite *s);
void product_cases(suite *s);
void attention_cases(suite *s);
void step_cases(suite *s);

// Rows of activations as bytes, laid out for the suite's level (activations.c).
typedef struct activations {
    qk_activations c;
    uint8_t *memory;
} activations;
// outlier: below 0: no run is refined.
activations activations_of(suite *s, const float *x, size_t stride, size_t rows, size_t columns,
                           float outlier);

// out[row][output] of a matrix in a format with blocks (products.c).
void multiply_bytes(suite *s, uint32_t id, const uint8_t *weights, size_t columns, size_t outputs,
                    const qk_activations *a, size_t rows, float *out, size_t out_stride);

#endif
