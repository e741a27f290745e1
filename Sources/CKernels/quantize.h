// Activations as bytes, the same bits at every level: only exact operations, and additions,
// divisions and roundings in one order. A level's file defines qk_round_block and
// qk_subtract_block first, or includes the portable ones of round_block.h.

enum { QK_MEAN_LANES = 16 };

// The mean magnitude of a row, in QK_MEAN_LANES sums.
static float qk_mean_magnitude(const float *x, size_t n) {
    float sums[QK_MEAN_LANES] = {0}, total = 0;
    size_t i = 0;
    for (; i + QK_MEAN_LANES <= n; i += QK_MEAN_LANES) {
        for (size_t l = 0; l < QK_MEAN_LANES; l++) {
            sums[l] += __builtin_fabsf(x[i + l]);
        }
    }
    for (size_t l = 0; i + l < n; l++) {
        sums[l] += __builtin_fabsf(x[i + l]);
    }
    for (size_t l = 0; l < QK_MEAN_LANES; l++) {
        total += sums[l];
    }
    return n > 0 ? total / (float)n : 0;
}

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

// The 32 values from `start` on: where they are, or a padded copy of a row's last ones.
static inline const float *qk_block_of(const float *x, size_t columns, size_t start,
                                       float copy[32]) {
    if (start + 32 <= columns) {
        return x + start;
    }
    for (size_t i = 0; i < 32; i++) {
        copy[i] = start + i < columns ? x[start + i] : 0.0f;
    }
    return copy;
}

static void qk_quantize(const float *x, size_t columns, const qk_activations *out, size_t row) {
    size_t runs = out->padded / 32, words = qk_refined_words(out->padded);
    uint32_t *refined = out->refined + row * words;
    memset(refined, 0, words * sizeof *refined);
    bool refines = out->refined_rows > 0;
    float limit = refines ? out->outlier * qk_mean_magnitude(x, columns) / 127.0f : 0;
    for (size_t i = 0; i < runs; i++) {
        _Alignas(64) float rest[32];
        int32_t sums[2];
        size_t run = row * runs + i;
        const float *values = qk_block_of(x, columns, 32 * i, rest);
        float scale = qk_round_block(values, qk_run_bytes(out, run), sums);
        qk_store_run(out, run, scale, sums);
        if (!refines) {
            continue;
        }
        size_t second = run + out->refined_rows * runs;
        if (scale > limit) {
            refined[i / 32] |= 1u << (i % 32);
            qk_subtract_block(values, qk_run_bytes(out, run), scale, rest);
            scale = qk_round_block(rest, qk_run_bytes(out, second), sums);
        } else {
            memset(qk_run_bytes(out, second), 0, 32);
            scale = 0;
            sums[0] = sums[1] = 0;
        }
        qk_store_run(out, second, scale, sums);
    }
}
