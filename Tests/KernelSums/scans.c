#include "suite.h"

enum { LONGEST = 3001 };
static const size_t sizes[] = {1, 7, 8, 9, 16, 31, 63, 64, 65, 300, 1280, LONGEST};
enum { SIZES = sizeof sizes / sizeof *sizes };

static void peaks(suite *s, int kind, int b) {
    (void)b;
    float x[LONGEST];
    for (int i = 0; i < SIZES; i++) {
        suite_floats(s, x, sizes[i], kind);
        size_t index = 0;
        suite_add_float(s, s->table->scan.peak(x, sizes[i], &index));
        suite_add(s, index);
        qk_peak peak;
        memset(&peak, 0, sizeof peak);
        for (int l = 0; l < QK_PEAK_LANES; l++) {
            peak.largest[l] = -__builtin_inff();
            peak.index[l] = INT32_MAX;
        }
        for (size_t at = 0; at < sizes[i]; at += 100) {
            size_t n = sizes[i] - at < 100 ? sizes[i] - at : 100;
            s->table->scan.peak_part(x + at, n, (int32_t)at, &peak);
        }
        for (int l = 0; l < QK_PEAK_LANES; l++) {
            suite_add_float(s, peak.largest[l]);
            suite_add(s, (uint64_t)peak.index[l] << 1 | (peak.spoilt[l] != 0));
        }
    }
}

static void weights(suite *s, int a, int b) {
    (void)a, (void)b;
    static float x[LONGEST];
    const qk_scans *scan = &s->table->scan;
    for (int i = 0; i < SIZES; i++) {
        size_t n = sizes[i], count = 0, index;
        suite_floats(s, x, n, USUAL);
        float largest = scan->peak(x, n, &index);
        double *out = suite_output(s, n * sizeof *out);
        double sum = scan->weights(x, n, largest, 5.5, 1e-6, out, &count);
        suite_add_double(s, sum);
        suite_add(s, count);
        for (int part = 0; part <= 4; part++) {
            suite_add(s, scan->crossing(out, n, sum * part / 4));
        }
        uint32_t *kept = suite_zeros(n * sizeof *kept);
        size_t keeps = scan->keep(out, n, 0.01, kept);
        suite_add(s, keeps);
        for (size_t k = 0; k < keeps; k++) {
            suite_add(s, kept[k]);
        }
        free(kept);
        suite_take(s, out, n * sizeof *out);
    }
}

static void sums(suite *s, int a, int b) {
    (void)a, (void)b;
    static float x[LONGEST];
    for (int i = 0; i < SIZES; i++) {
        size_t n = sizes[i];
        suite_floats(s, x, n, USUAL);
        suite_add_double(s, s->table->scan.exp_sum(x, n, 2));
        suite_add(s, s->table->scan.count_above(x, n, 0.5f));
        for (size_t at = 0; at < n; at++) {
            at = s->table->scan.next_above(x, at, n, 1.5f);
            suite_add(s, at);
        }
    }
}

void scan_cases(suite *s) {
    suite_case(s, "scan peaks", peaks, USUAL, 0);
    suite_case(s, "scan peaks, odd values", peaks, ODD, 0);
    suite_case(s, "scan weights", weights, 1, 0);
    suite_case(s, "scan sums", sums, 2, 0);
}
