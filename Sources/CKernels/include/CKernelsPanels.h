// Matrix products over panels: weights repacked so that dot products read them in order. Every
// level has the same panels.
//
// Included by CKernels.h. A panel holds QK_PANEL_ROWS rows of weights, side by side: four columns
// of the first row, the same four of the second, and so on, which is one operand of VNNI. It keeps
// the width of the file's format: the bits lie in planes of 4, 2 and 1, the scales beside them.
// Columns come in units (64, or 256 for the formats in super-blocks), each a multiple of 64 bytes,
// so that a product reads a panel from its first byte to its last.
#ifndef CKERNELS_PANELS_H
#define CKERNELS_PANELS_H

#include "CKernelsProducts.h"

enum {
    QK_PANEL_ROWS = 16,
    // Rows of activations that share an unpacked run: with AVX-512 their sums stay in registers
    // beside it.
    QK_TILE_ROWS = 11,
    // Panels that use a tile's activations one after another, while they are near.
    QK_TILE_PANELS = 8,
};

typedef struct qk_panel_product {
    const uint8_t *panels;  // panel 0, 64-byte aligned
    size_t panel_bytes;
    size_t columns;         // weights a row
    size_t outputs;         // rows of weights of the whole matrix
    size_t first_panel;     // the range of panels
    size_t panel_count;

    qk_activations activations;
    size_t rows;            // rows of activations

    float *out;             // row 0, output 0
    size_t out_stride;
} qk_panel_product;

typedef struct qk_panel_format {
    size_t unit_columns;
    size_t unit_bytes;  // of all the rows of a panel
    // Repacks `rows` (1...QK_PANEL_ROWS) rows of the file's format; rows that are not there
    // become zeros. `panel` has unit_bytes for every unit that the columns begin.
    void (*pack)(const uint8_t *weights, size_t row_bytes, size_t rows, size_t columns,
                 uint8_t *panel);
    void (*multiply)(const qk_panel_product *product);
} qk_panel_format;

#endif
