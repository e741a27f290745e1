// Columns of a tile of float products in plain C. See products/sums.h.
#include "vectors/fused.h"

QK_INLINE void qk_add_columns(float (*w)[QK_CHUNK], size_t first, const float *x, size_t stride,
                              size_t n, const int R, qk_float_acc (*acc)[QK_TILE]) {
    for (size_t r = 0; r < (size_t)R; r++) {
        for (size_t o = 0; o < QK_TILE; o++) {
            for (size_t i = 0; i < n; i += 16) {
                for (size_t l = 0; l < 16; l++) {
                    float *sum = &acc[r][o].part[l];
                    *sum = qk_fma(w[o][first + i + l], x[r * stride + i + l], *sum);
                }
            }
        }
    }
}
