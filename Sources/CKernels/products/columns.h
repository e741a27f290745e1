// Columns of a tile of float products in a level's vectors. See products/sums.h.

// A part of the sums after the other: those of one stay in registers.
QK_INLINE void qk_add_columns(float (*w)[QK_CHUNK], size_t first, const float *x, size_t stride,
                              size_t n, const int R, qk_float_acc (*acc)[QK_TILE]) {
    for (size_t p = 0; p < QK_VECTORS; p++) {
        vf sums[QK_FLOAT_ROWS][QK_TILE], values[QK_FLOAT_ROWS];
#pragma clang loop unroll(full)
        for (int r = 0; r < R; r++) {
            for (int o = 0; o < QK_TILE; o++) {
                sums[r][o] = acc[r][o].part[p];
            }
        }
        for (size_t i = p * LANES; i < n; i += 16) {
#pragma clang loop unroll(full)
            for (int r = 0; r < R; r++) {
                values[r] = v_load(x + (size_t)r * stride + i);
            }
#pragma clang loop unroll(full)
            for (int o = 0; o < QK_TILE; o++) {
                vf weights = v_load(w[o] + first + i);
#pragma clang loop unroll(full)
                for (int r = 0; r < R; r++) {
                    sums[r][o] = v_fma(weights, values[r], sums[r][o]);
                }
            }
        }
#pragma clang loop unroll(full)
        for (int r = 0; r < R; r++) {
            for (int o = 0; o < QK_TILE; o++) {
                acc[r][o].part[p] = sums[r][o];
            }
        }
    }
}
