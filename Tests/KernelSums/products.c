#include "suite.h"

// A block of a format: its weights and bytes, and where its half-precision numbers are.
typedef struct shape {
    const char *name;
    uint32_t id;
    size_t block, bytes;
    int halves, at[2];
} shape;

static const shape shapes[] = {
    {"F32", 0, 1, 4, 0, {0}},          {"F16", 1, 1, 2, 0, {0}},
    {"BF16", 30, 1, 2, 0, {0}},        {"Q4_0", 2, 32, 18, 1, {0}},
    {"Q4_1", 3, 32, 20, 2, {0, 2}},    {"Q5_0", 6, 32, 22, 1, {0}},
    {"Q5_1", 7, 32, 24, 2, {0, 2}},    {"Q8_0", 8, 32, 34, 1, {0}},
    {"Q2_K", 10, 256, 84, 2, {80, 82}}, {"Q3_K", 11, 256, 110, 1, {108}},
    {"Q4_K", 12, 256, 144, 2, {0, 2}}, {"Q5_K", 13, 256, 176, 2, {0, 2}},
    {"Q6_K", 14, 256, 210, 1, {208}},  {"IQ4_NL", 20, 32, 18, 1, {0}},
    {"IQ4_XS", 23, 256, 136, 1, {0}},  {"MXFP4", 39, 32, 17, 0, {0}},
};
enum { SHAPES = sizeof shapes / sizeof *shapes };

static void fill_block(suite *s, const shape *f, uint8_t *p) {
    for (size_t i = 0; i < f->bytes; i++) {
        p[i] = (uint8_t)suite_bits(s);
    }
    uint64_t bits = suite_bits(s);
    switch (f->id) {
    case 0: {
        float x = suite_float(s, USUAL);
        memcpy(p, &x, sizeof x);
        break;
    }
    case 1: p[1] = (uint8_t)((p[1] & 0x83) | 0x30 | (bits & 12)); break;    // 2^-3 to 2
    case 30: p[1] = (uint8_t)((p[1] & 0x80) | 0x3D | (bits & 2)); break;
    case 39: p[0] = (uint8_t)(115 + bits % 11); break;
    default: break;
    }
    // Scales from 2^-7 to 2^-6.
    for (int h = 0; h < f->halves; h++) {
        p[f->at[h] + 1] = (uint8_t)(0x20 | (p[f->at[h] + 1] & 3));
    }
}

// The weights of a matrix, and what lies behind them, which nobody may read.
static uint8_t *matrix(suite *s, const shape *f, size_t rows, size_t columns) {
    size_t blocks = rows * columns / f->block;
    uint8_t *p = suite_zeros(blocks * f->bytes);
    for (size_t b = 0; b < blocks; b++) {
        fill_block(s, f, p + b * f->bytes);
    }
    return p;
}

static void decoding(suite *s, int index, int b) {
    (void)b;
    const shape *f = &shapes[index];
    for (size_t blocks = 1; blocks <= 9; blocks += 2) {
        size_t columns = blocks * f->block;
        uint8_t *row = matrix(s, f, 1, columns);
        float *out = suite_output(s, columns * sizeof *out);
        qk_format_of(s->table, f->id)->dequantize(row, out, columns);
        free(row);
        suite_take_floats(s, out, columns);
    }
}

// A product's shape: every tile of rows and outputs, and widths with and without a rest.
typedef struct extent {
    size_t columns, outputs, rows;
} extent;
static const extent extents[] = {{32, 1, 1},   {64, 3, 2},   {96, 16, 5},  {256, 17, 11},
                                 {512, 33, 3}, {640, 18, 12}, {1280, 5, 23}, {2304, 2, 1}};
enum { EXTENTS = sizeof extents / sizeof *extents };

static void products_of_floats(suite *s, int index, int b) {
    (void)b;
    const shape *f = &shapes[index];
    for (int e = 0; e < EXTENTS; e++) {
        extent n = extents[e];
        // Formats without blocks take any width.
        n.columns += f->block == 1 ? (size_t)e : 0;
        if (n.columns % f->block != 0) {
            continue;
        }
        uint8_t *weights = matrix(s, f, n.outputs, n.columns);
        float *x = suite_zeros(n.rows * n.columns * sizeof *x);
        suite_floats(s, x, n.rows * n.columns, USUAL);
        float *out = suite_output(s, n.rows * n.outputs * sizeof *out);
        qk_product product = {.weights = weights,
                              .row_bytes = n.columns / f->block * f->bytes,
                              .columns = n.columns,
                              .outputs = n.outputs,
                              .x = x,
                              .x_stride = n.columns,
                              .rows = n.rows,
                              .out = out,
                              .out_stride = n.outputs};
        qk_format_of(s->table, f->id)->multiply_float(&product);
        free(weights);
        free(x);
        suite_take_floats(s, out, n.rows * n.outputs);
    }
}

// By panels.
void multiply_bytes(suite *s, uint32_t id, const uint8_t *weights, size_t columns, size_t outputs,
                    const qk_activations *a, size_t rows, float *out, size_t out_stride) {
    int i = 0;
    while (shapes[i].id != id) {
        i++;
    }
    size_t row_bytes = columns / shapes[i].block * shapes[i].bytes;
    const qk_panel_format *format = qk_panels_of(s->table, id);
    size_t units = (columns + format->unit_columns - 1) / format->unit_columns;
    size_t panels = (outputs + QK_PANEL_ROWS - 1) / QK_PANEL_ROWS;
    size_t bytes = units * format->unit_bytes;
    uint8_t *packed = suite_zeros(panels * bytes);
    for (size_t p = 0; p < panels; p++) {
        size_t first = p * QK_PANEL_ROWS, rest = outputs - first;
        format->pack(weights + first * row_bytes, row_bytes,
                     rest < QK_PANEL_ROWS ? rest : QK_PANEL_ROWS, columns, packed + p * bytes);
    }
    qk_panel_product product = {.panels = packed,
                                .panel_bytes = bytes,
                                .columns = columns,
                                .outputs = outputs,
                                .panel_count = panels,
                                .activations = *a,
                                .rows = rows,
                                .out = out,
                                .out_stride = out_stride};
    format->multiply(&product);
    free(packed);
}

static void products_of_bytes(suite *s, int index, int refined) {
    const shape *f = &shapes[index];
    for (int e = 0; e < EXTENTS; e++) {
        extent n = extents[e];
        if (n.columns % f->block != 0) {
            continue;
        }
        uint8_t *weights = matrix(s, f, n.outputs, n.columns);
        float *x = suite_zeros(n.rows * n.columns * sizeof *x);
        suite_floats(s, x, n.rows * n.columns, USUAL);
        activations a =
            activations_of(s, x, n.columns, n.rows, n.columns, refined != 0 ? 2.5f : -1);
        float *out = suite_output(s, n.rows * n.outputs * sizeof *out);
        multiply_bytes(s, f->id, weights, n.columns, n.outputs, &a.c, n.rows, out, n.outputs);
        free(a.memory);
        free(weights);
        free(x);
        suite_take_floats(s, out, n.rows * n.outputs);
    }
}

void product_cases(suite *s) {
    char name[64];
    for (uint32_t id = 0; id < QK_FORMATS; id++) {
        const qk_format *format = qk_format_of(s->table, id);
        if (format == NULL) {
            continue;
        }
        int i = 0;
        while (i < SHAPES && shapes[i].id != id) {
            i++;
        }
        // One that was added since changes no bit of the others: the tests of TensorsTests hold it
        // to its definition until it is recorded too.
        if (i == SHAPES) {
            continue;
        }
        snprintf(name, sizeof name, "%s, decoded", shapes[i].name);
        suite_case(s, name, decoding, i, 0);
        snprintf(name, sizeof name, "%s, products of floats", shapes[i].name);
        suite_case(s, name, products_of_floats, i, 1);
        if (qk_panels_of(s->table, id) == NULL) {
            continue;
        }
        snprintf(name, sizeof name, "%s, products of bytes", shapes[i].name);
        suite_case(s, name, products_of_bytes, i, 0);
        snprintf(name, sizeof name, "%s, products of bytes, refined", shapes[i].name);
        suite_case(s, name, products_of_bytes, i, 1);
    }
}
