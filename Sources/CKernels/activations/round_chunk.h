// Rounding chunks of QK_CHUNK floats to bytes, run by run, with a level's qk_round_block and
// qk_subtract_block, or the portable ones of activations/round_block.h, which come first.

enum { QK_CHUNKS = 4 };  // at a time

static inline void qk_store_numbers(qk_run *run, float scale, const int32_t sums[2]) {
    run->scale = scale;
    run->sum = scale * (float)(sums[0] + sums[1]);
    run->count = -(sums[0] + sums[1]);
    for (size_t h = 0; h < 2; h++) {
        run->half_sums[h] = scale * (float)sums[h];
        run->half_counts[h] = -sums[h];
    }
    run->unused = 0;
}

// Rounds 32 values into a run; returns its scale.
static inline float qk_round_run(const float *x, qk_run *run) {
    int32_t sums[2];
    float scale = qk_round_block(x, run->values, sums);
    qk_store_numbers(run, scale, sums);
    return scale;
}

// Writes the runs of up to QK_CHUNKS chunks from `run` on, and as the runs from `second` on what
// rounding left over of those whose scale is above the limit, if `out` has room for that. Returns
// a bit for each of these.
static uint32_t qk_round_chunks(const float *x, size_t chunks, const qk_activations *out,
                                size_t run, size_t second, float limit) {
    uint32_t refined = 0;
    for (size_t i = 0; i < chunks * QK_CHUNK / 32; i++) {
        qk_run *to = out->first + run + i;
        float scale = qk_round_run(x + 32 * i, to);
        if (out->refined_rows > 0 && scale > limit) {
            float rest[32];
            refined |= 1u << i;
            qk_subtract_block(x + 32 * i, to->values, scale, rest);
            qk_round_run(rest, out->first + second + i);
        }
    }
    return refined;
}

// Makes a run of zeros.
static void qk_clear_run(const qk_activations *out, size_t run) {
    memset(out->first + run, 0, sizeof *out->first);
}

// After the last store of a row.
static inline void qk_finish_row(void) {}
