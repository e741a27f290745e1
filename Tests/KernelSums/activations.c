#include "suite.h"

// As QuantizedActivations of the module Tensors lays them out.
activations activations_of(suite *s, const float *x, size_t stride, size_t rows, size_t columns,
                           float outlier) {
    size_t runs = (columns + QK_CHUNK - 1) / QK_CHUNK * (QK_CHUNK / 32), pitch = runs + 1;
    size_t copies = outlier < 0 ? rows : 2 * rows, all = copies * pitch;
    size_t words = copies * qk_refined_words(runs);
    activations a = {.memory = suite_zeros(sizeof(qk_run) * all + sizeof(uint32_t) * words)};
    a.c = (qk_activations){
        .first = (qk_run *)(void *)a.memory,
        .refined = (uint32_t *)(void *)(a.memory + sizeof(qk_run) * all),
        .refined_rows = outlier < 0 ? 0 : rows,
        .outlier = outlier < 0 ? 0 : outlier,
        .runs = runs,
        .pitch = pitch,
    };
    for (size_t row = 0; row < rows; row++) {
        s->table->quantize(x + row * stride, columns, &a.c, row);
    }
    return a;
}

static void take_run(suite *s, const qk_run *run) {
    suite_add_float(s, run->scale);
    // The bytes of a run that is not finite are nobody's.
    if (run->scale - run->scale != 0) {
        return;
    }
    for (size_t i = 0; i < 32; i++) {
        suite_add(s, (uint8_t)run->values[i]);
    }
    suite_add_float(s, run->sum);
    suite_add(s, (uint32_t)run->count);
    for (size_t h = 0; h < 2; h++) {
        suite_add_float(s, run->half_sums[h]);
        suite_add(s, (uint32_t)run->half_counts[h]);
    }
}

static void rounding(suite *s, int kind, int refinement) {
    static const size_t widths[] = {1, 7, 31, 32, 33, 64, 192, 255, 256, 257, 640, 1056, 2304};
    static const float outliers[] = {-1, 2.5f, 0};
    for (size_t w = 0; w < sizeof widths / sizeof *widths; w++) {
        size_t n = widths[w], rows = 3;
        float *x = suite_zeros(rows * n * sizeof *x);
        suite_floats(s, x, rows * n, kind);
        // Halves of a step, which tie.
        for (size_t i = 0; i < n && kind == USUAL; i++) {
            x[i] = i % 32 == 0 ? 127 : (float)((int)i % 32 - 16) + 0.5f;
        }
        activations a = activations_of(s, x, n, rows, n, outliers[refinement]);
        for (size_t row = 0; row < rows; row++) {
            for (size_t run = 0; run < a.c.runs; run++) {
                const qk_run *first = a.c.first + row * a.c.pitch + run;
                take_run(s, first);
                if (refinement > 0) {
                    take_run(s, first + rows * a.c.pitch);
                }
            }
            for (size_t i = 0; i < qk_refined_words(a.c.runs) && refinement > 0; i++) {
                suite_add(s, a.c.refined[row * qk_refined_words(a.c.runs) + i]);
            }
        }
        free(a.memory);
        free(x);
    }
}

// Runs whose largest magnitudes are last places apart, around the limit above which a run is
// refined: which are tells every bit of a row's mean magnitude.
static void limits(suite *s, int a, int b) {
    (void)a, (void)b;
    enum { COLUMNS = 2048, RUNS = COLUMNS / 32 };
    float x[COLUMNS];
    for (int row = 0; row < 16; row++) {
        double sum = 0;
        suite_floats(s, x, COLUMNS, USUAL);
        for (int i = 0; i < COLUMNS; i++) {
            x[i] = i % 32 == 7 ? 4 + (float)(i / 32) * 0x1p-21f : x[i];
            sum += x[i] < 0 ? -(double)x[i] : (double)x[i];
        }
        double middle = 4 + RUNS / 2 * 0x1p-21;
        activations rounded =
            activations_of(s, x, COLUMNS, 1, COLUMNS, (float)(middle * COLUMNS / sum));
        for (size_t i = 0; i < qk_refined_words(RUNS); i++) {
            suite_add(s, rounded.c.refined[i]);
        }
        free(rounded.memory);
    }
}

void activation_cases(suite *s) {
    suite_case(s, "mean magnitude", limits, 0, 0);
    static const char *const refinements[] = {"", ", outliers refined", ", all refined"};
    static const char *const kinds[KINDS] = {"", ", wide", ", odd values"};
    for (int r = 0; r < 3; r++) {
        for (int kind = 0; kind < KINDS; kind++) {
            char name[64];
            snprintf(name, sizeof name, "quantize%s%s", refinements[r], kinds[kind]);
            suite_case(s, name, rounding, kind, r);
        }
    }
}
