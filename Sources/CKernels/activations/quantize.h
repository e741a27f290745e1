// Activations as bytes, the same bits at every level: only exact operations, and additions,
// divisions and roundings in one order. A level's file defines qk_round_chunks,
// qk_clear_run and qk_finish_row first, or includes those of activations/round_chunk.h.

// 16 lanes in whatever registers a level has. An array compilers keep in memory, or half of it.
typedef float qk_lanes __attribute__((vector_size(64)));
typedef int32_t qk_lane_bits __attribute__((vector_size(64)));

// The mean magnitude of a row: element i goes to lane i mod 16; then lanes are added in halves.
static float qk_mean_magnitude(const float *x, size_t n) {
    qk_lanes all = {0};
    qk_lane_bits bits, rest = {0};
    size_t whole = n / 16 * 16;
    for (size_t i = 0; i < whole; i += 16) {
        memcpy(&bits, x + i, sizeof bits);
        all += (qk_lanes)(bits & 0x7FFFFFFF);
    }
    if (whole < n) {
        memcpy(&rest, x + whole, (n - whole) * sizeof *x);
        all += (qk_lanes)(rest & 0x7FFFFFFF);
    }
    float sums[16];
    memcpy(sums, &all, sizeof sums);
    for (size_t half = 8; half > 0; half /= 2) {
        for (size_t l = 0; l < half; l++) {
            sums[l] += sums[l + half];
        }
    }
    return n > 0 ? sums[0] / (float)n : 0;
}

// Keeps 32 bits that say which runs of a row are refined, and makes zeros of those that refined
// something before: few runs are written for nothing.
static void qk_keep_refined(const qk_activations *out, uint32_t bits, uint32_t *refined,
                            size_t second) {
    uint32_t stale = *refined & ~bits;
    *refined = bits;
    for (; stale != 0; stale &= stale - 1) {
        qk_clear_run(out, second + (size_t)__builtin_ctz(stale));
    }
}

// Rounds the runs first ..< end of a row; returns a bit for each that is refined.
static uint32_t qk_round_runs(const float *x, size_t columns, const qk_activations *out,
                              size_t row, size_t first, size_t end, float limit) {
    enum { RUNS = QK_CHUNK / 32 };
    size_t run = row * out->pitch, second = run + out->refined_rows * out->pitch;
    size_t whole = columns / QK_CHUNK * RUNS;
    size_t middle = whole < first ? first : whole < end ? whole : end;
    uint32_t refined = qk_round_chunks(x + 32 * first, (middle - first) / RUNS, out, run + first,
                                       second + first, limit);
    if (middle < end) {
        // The last ones of the row, and zeros.
        _Alignas(64) float copy[QK_CHUNK] = {0};
        memcpy(copy, x + 32 * middle, (columns - 32 * middle) * sizeof *copy);
        refined |= qk_round_chunks(copy, 1, out, run + middle, second + middle, limit)
                   << (middle - first);
    }
    return refined;
}

static void qk_quantize(const float *x, size_t columns, const qk_activations *out, size_t row) {
    size_t runs = out->runs, second = (out->refined_rows + row) * out->pitch;
    uint32_t *refined = out->refined + row * qk_refined_words(runs);
    bool refines = out->refined_rows > 0;
    float limit = refines ? out->outlier * qk_mean_magnitude(x, columns) / 127.0f : 0;
    for (size_t first = 0; first < runs; first += 32) {
        size_t end = first + 32 < runs ? first + 32 : runs;
        uint32_t bits = qk_round_runs(x, columns, out, row, first, end, limit);
        if (refines) {
            qk_keep_refined(out, bits, refined + first / 32, second + first);
        }
    }
    qk_finish_row();
}
