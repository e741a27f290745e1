// Matrix products with activations as floats, rows of weights in their file's format; and
// activations as bytes, for products over panels (CKernelsPanels.h).
//
// Included by CKernels.h. out[r][o] = dot(weights[o], activations[r]) for a range of weight rows
// and any number of activation rows. A weight row is decoded once for several activation rows,
// and yet every element is computed in one order: the bits of out[r][o] depend on nothing but
// weights[o] and activations[r].
#ifndef CKERNELS_PRODUCTS_H
#define CKERNELS_PRODUCTS_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

// Format ids are GGUF's type ids, which are below this.
enum { QK_FORMATS = 64 };

// Columns of activations are padded with zeros to a multiple of this.
enum { QK_CHUNK = 256 };

// 32 activations as bytes: x[i] = scale * values[i]. The sums serve the formats with offsets, the
// counts those with a bias. A run's values and numbers share 64 bytes, so that a kernel needs one
// address a row.
typedef struct qk_run {
    int8_t values[32];  // -127 ... 127
    float scale;            // largest magnitude / 127; NaN where a value is not finite
    float sum;              // scale * sum of the 32 values
    float half_sums[2];     // the same of 16 values
    int32_t count;          // minus the sum of the 32 values
    int32_t half_counts[2]; // minus the sums of 16
    int32_t unused;
} qk_run;

// Rows of activations as bytes. A row has whole chunks of runs. Rows begin an odd number of runs
// apart, since tiles walk many of them side by side, and 4 KiB apart (2,048 columns) they would all
// want the same few sets of a cache.
//
// A run may be refined: what rounding left over is rounded in turn, and kept as the same run of
// row r + refined_rows, to be added. The runs of that row that refine nothing are 0, as the whole
// memory is before it is written.
typedef struct qk_activations {
    qk_run *first;         // run 0 of row 0, 64-byte aligned
    uint32_t *refined;     // a bit for each run of a row, qk_refined_words(runs) words a row
    size_t refined_rows;   // 0: no run is refined, and the rows are not there
    float outlier;         // a run is refined if its largest magnitude is above this many times
                           // the row's mean magnitude; 0: all are
    size_t runs;           // of a row: columns, rounded up to QK_CHUNK, / 32
    size_t pitch;          // runs from one row to the next: an odd number
} qk_activations;

// The words of a row's bits: one for every 32 runs.
static inline size_t qk_refined_words(size_t runs) { return (runs + 31) / 32; }

typedef struct qk_product {
    const uint8_t *weights;  // row 0, no alignment needed; nothing beyond the rows is read
    size_t row_bytes;
    size_t columns;          // weights a row: a multiple of the format's block
    size_t first_output;     // the range of weight rows
    size_t outputs;

    const float *x;          // row 0
    size_t x_stride;         // floats from one row of x to the next
    size_t rows;             // rows of activations

    float *out;  // row 0, output 0: out[r * out_stride + o], o in the range
    size_t out_stride;
} qk_product;

typedef struct qk_format {
    // columns: a multiple of the format's block.
    void (*dequantize)(const uint8_t *row, float *out, size_t columns);
    void (*multiply_float)(const qk_product *product);
} qk_format;

#endif
