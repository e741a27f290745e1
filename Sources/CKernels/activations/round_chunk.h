// Rounding chunks of QK_CHUNK floats to bytes, run by run, with a level's qk_round_block and
// qk_subtract_block, or the portable ones of activations/round_block.h, which come first.

enum { QK_CHUNKS = 4 };  // at a time

static inline int8_t *qk_run_bytes(const qk_activations *a, size_t run) {
    return a->values + run * (a->step == 1 ? 32 : 64);
}

static inline void qk_store_run(const qk_activations *out, size_t run, float scale,
                                const int32_t sums[2]) {
    size_t at = run * out->step, halves = out->step == 1 ? 2 * run : at;
    out->scales[at] = scale;
    out->sums[at] = scale * (float)(sums[0] + sums[1]);
    out->counts[at] = -(sums[0] + sums[1]);
    for (size_t h = 0; h < 2; h++) {
        out->half_sums[halves + h] = scale * (float)sums[h];
        out->half_counts[halves + h] = -sums[h];
    }
}

// Writes the runs of up to QK_CHUNKS chunks from `run` on, and as the runs from `second` on what
// rounding left over of those whose scale is above the limit, if `out` has room for that. Returns
// a bit for each of these.
static uint32_t qk_round_chunks(const float *x, size_t chunks, const qk_activations *out,
                                size_t run, size_t second, float limit) {
    uint32_t refined = 0;
    for (size_t i = 0; i < chunks * QK_CHUNK / 32; i++) {
        int32_t sums[2];
        int8_t *bytes = qk_run_bytes(out, run + i);
        float scale = qk_round_block(x + 32 * i, bytes, sums);
        qk_store_run(out, run + i, scale, sums);
        if (out->refined_rows > 0 && scale > limit) {
            float rest[32];
            refined |= 1u << i;
            qk_subtract_block(x + 32 * i, bytes, scale, rest);
            scale = qk_round_block(rest, qk_run_bytes(out, second + i), sums);
            qk_store_run(out, second + i, scale, sums);
        }
    }
    return refined;
}

// Makes a run of zeros.
static void qk_clear_run(const qk_activations *out, size_t run) {
    const int32_t sums[2] = {0};
    memset(qk_run_bytes(out, run), 0, 32);
    qk_store_run(out, run, 0, sums);
}

// After the last store of a row.
static inline void qk_finish_row(void) {}
