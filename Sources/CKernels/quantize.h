// Activations as bytes, the same bits at every level: only exact operations, and divisions and
// roundings in one order. A level's file defines qk_round_block and qk_subtract_block first, or
// includes the portable ones of round_block.h.

static inline void qk_store_block(const qk_activations *out, size_t block, float scale,
                                  const int32_t sums[2]) {
    out->scales[block] = scale;
    out->sums[block] = scale * (float)(sums[0] + sums[1]);
    out->half_sums[2 * block] = scale * (float)sums[0];
    out->half_sums[2 * block + 1] = scale * (float)sums[1];
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
    size_t base = row * out->padded;
    for (size_t start = 0; start < out->padded; start += 32) {
        _Alignas(64) float copy[32];
        int32_t sums[2];
        float scale = qk_round_block(qk_block_of(x, columns, start, copy),
                                     out->values + base + start, sums);
        qk_store_block(out, (base + start) / 32, scale, sums);
    }
}

static void qk_quantize_twice(const float *x, size_t columns, const qk_activations *out,
                              size_t row, size_t second) {
    size_t base = row * out->padded, other = second * out->padded;
    for (size_t start = 0; start < out->padded; start += 32) {
        _Alignas(64) float rest[32];
        int32_t sums[2];
        const float *values = qk_block_of(x, columns, start, rest);
        const int8_t *bytes = out->values + base + start;
        float scale = qk_round_block(values, out->values + base + start, sums);
        qk_store_block(out, (base + start) / 32, scale, sums);
        qk_subtract_block(values, bytes, scale, rest);
        scale = qk_round_block(rest, out->values + other + start, sums);
        qk_store_block(out, (other + start) / 32, scale, sums);
    }
}
