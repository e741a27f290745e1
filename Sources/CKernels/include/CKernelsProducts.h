// Matrix products: rows of weights, in their file's format, with rows of activations.
//
// Included by CKernels.h. out[r][o] = dot(weights[o], activations[r]) for a range of weight rows
// and any number of activation rows. A weight row is decoded once for several activation rows,
// and yet every element is computed in one order: the bits of out[r][o] depend on nothing but
// weights[o] and activations[r] (and the level).
#ifndef CKERNELS_PRODUCTS_H
#define CKERNELS_PRODUCTS_H

#include <stddef.h>
#include <stdint.h>

// Format ids are GGUF's type ids; the largest that has kernels is MXFP4, 39.
enum { QK_FORMATS = 40 };

// Columns of activations are padded with zeros to a multiple of this.
enum { QK_CHUNK = 256 };

// Rows of activations as bytes: x[i] = scale[i / 32] * value[i]. `padded` columns a row, a multiple
// of QK_CHUNK; values are 64-byte aligned. The sums serve the formats with offsets.
typedef struct qk_activations {
    int8_t *values;
    float *scales;     // padded / 32 a row: largest magnitude / 127
    float *sums;       // padded / 32 a row: scale * sum of the 32 values
    float *half_sums;  // padded / 16 a row: scale * sum of the 16 values
    size_t padded;
} qk_activations;

typedef struct qk_product {
    const uint8_t *weights;  // row 0, no alignment needed; nothing beyond the rows is read
    size_t row_bytes;
    size_t columns;          // weights a row: a multiple of the format's block
    size_t first_output;     // the range of weight rows
    size_t outputs;

    qk_activations activations;  // quantised product
    const float *x;              // float product: row 0
    size_t x_stride;             // floats from one row of x to the next
    size_t rows;                 // rows of activations

    float *out;  // row 0, output 0: out[r * out_stride + o], o in the range
    size_t out_stride;
} qk_product;

typedef struct qk_format {
    // columns: a multiple of the format's block.
    void (*dequantize)(const uint8_t *row, float *out, size_t columns);
    // With int8 activations; null for F32, F16 and BF16.
    void (*multiply)(const qk_product *product);
    // With float activations.
    void (*multiply_float)(const qk_product *product);
} qk_format;

#endif
