// Activations as bytes, the same bits at every level: only exact operations, and additions,
// divisions and roundings in one order. A level's file defines qk_round_chunks,
// qk_refine_run and qk_clear_run first, or includes those of round_chunk.h.

// The mean magnitude of a row, in sums over every sixteenth element.
enum { QK_MEAN_LANES = 16 };

static inline void qk_add_magnitudes(const float *x, size_t n, float sums[QK_MEAN_LANES]) {
    size_t i = 0;
    for (; i + QK_MEAN_LANES <= n; i += QK_MEAN_LANES) {
        for (size_t l = 0; l < QK_MEAN_LANES; l++) {
            sums[l] += __builtin_fabsf(x[i + l]);
        }
    }
    for (size_t l = 0; i + l < n; l++) {
        sums[l] += __builtin_fabsf(x[i + l]);
    }
}

static inline float qk_mean_magnitude(const float sums[QK_MEAN_LANES], size_t n) {
    float total = 0;
    for (size_t l = 0; l < QK_MEAN_LANES; l++) {
        total += sums[l];
    }
    return n > 0 ? total / (float)n : 0;
}

// The `count` values from x on: where they are, or a copy with zeros behind the `rest` ones that
// there are.
static inline const float *qk_padded(const float *x, size_t rest, size_t count, float *copy) {
    if (count <= rest) {
        return x;
    }
    memcpy(copy, x, rest * sizeof *copy);
    memset(copy + rest, 0, (count - rest) * sizeof *copy);
    return copy;
}

// Refines the runs of a row from `run` on whose scales are above the limit, and makes zeros of
// those that refined something before: few runs are written for nothing.
static void qk_refine(const float *x, size_t columns, const qk_activations *out, size_t run,
                      float limit, uint32_t *refined) {
    size_t runs = out->padded / 32, second = out->refined_rows * runs + run;
    for (size_t first = 0; first < runs; first += 32) {
        uint32_t bits = 0;
        for (size_t i = 0; i < 32 && first + i < runs; i++) {
            bits |= (uint32_t)(out->scales[(run + first + i) * out->step] > limit) << i;
        }
        uint32_t stale = refined[first / 32] & ~bits;
        refined[first / 32] = bits;
        for (; stale != 0; stale &= stale - 1) {
            qk_clear_run(out, second + first + (size_t)__builtin_ctz(stale));
        }
        for (; bits != 0; bits &= bits - 1) {
            float copy[32];
            size_t i = first + (size_t)__builtin_ctz(bits);
            const float *values = qk_padded(x + 32 * i, columns - 32 * i, 32, copy);
            qk_refine_run(values, out, run + i, second + i);
        }
    }
}

static void qk_quantize(const float *x, size_t columns, const qk_activations *out, size_t row) {
    size_t first = row * (out->padded / 32), chunks = columns / QK_CHUNK, n;
    bool refines = out->refined_rows > 0;
    float sums[QK_MEAN_LANES] = {0};
    for (size_t i = 0; i < columns; i += n) {
        _Alignas(64) float copy[QK_CHUNK];
        size_t left = chunks - i / QK_CHUNK;
        size_t count = left == 0 ? 1 : left < QK_CHUNKS ? left : QK_CHUNKS;
        n = left == 0 ? columns - i : count * QK_CHUNK;
        if (refines) {
            // Beside the rounding: each sum waits for the one before it.
            qk_add_magnitudes(x + i, n, sums);
        }
        qk_round_chunks(qk_padded(x + i, n, count * QK_CHUNK, copy), count, out, first + i / 32);
    }
    if (refines) {
        float limit = out->outlier * qk_mean_magnitude(sums, columns) / 127.0f;
        qk_refine(x, columns, out, first, limit,
                  out->refined + row * qk_refined_words(out->padded));
    }
}
