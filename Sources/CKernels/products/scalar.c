// Matrix products in portable C: what every other level is compared with.
#include <math.h>

#include "tables.h"
// Order matters: the decoders, this level's tiles, the walk, the formats.
#include "formats/blocks.h"
#include "formats/superblocks.h"

typedef float qk_acc;
typedef float qk_float_acc;

QK_INLINE void qk_tile(qk_kind kind, const qk_chunk *w, const qk_activations *a, size_t row,
                       size_t chunk, size_t pairs, const int R, qk_acc (*acc)[4]) {
    size_t group = kind.halves ? 16 : 32;
    for (size_t r = 0; r < (size_t)R; r++) {
        size_t base = (row + r) * a->pitch + chunk * QK_CHUNK;
        const int8_t *x = a->values + base;
        const float *scales = a->scales + base / 32;
        const float *sums = kind.halves ? a->half_sums + base / 16 : a->sums + base / 32;
        for (size_t o = 0; o < 4; o++) {
            const int8_t *q = (const int8_t *)w[o].q;
            for (size_t g = 0; g < 64 * pairs / group; g++) {
                int32_t sum = 0;
                for (size_t i = g * group; i < (g + 1) * group; i++) {
                    sum += q[i] * x[i];
                }
                acc[r][o] += w[o].scale[g] * scales[g * group / 32] * (float)sum;
                if (kind.offset) {
                    acc[r][o] += w[o].offset[g] * sums[g];
                }
            }
        }
    }
}

QK_INLINE void qk_finish(const qk_acc acc[4], float *out) { memcpy(out, acc, 4 * sizeof *out); }

QK_INLINE void qk_float_tile(float (*w)[QK_CHUNK], const float *x, size_t stride, size_t n,
                             const int R, qk_float_acc (*acc)[4]) {
    for (size_t r = 0; r < (size_t)R; r++) {
        for (size_t o = 0; o < 4; o++) {
            for (size_t i = 0; i < n; i++) {
                acc[r][o] += w[o][i] * x[r * stride + i];
            }
        }
    }
}

QK_INLINE void qk_float_finish(const qk_float_acc acc[4], float *out) {
    memcpy(out, acc, 4 * sizeof *out);
}

#define QK_PORTABLE_ROUND_BLOCK
#include "activations/round_block.h"
#include "activations/round_chunk.h"
#include "activations/quantize.h"
#include "products/walk_float.h"
#include "products/walk.h"
#include "products/formats.h"

void qk_fill_products_scalar(qk_table *table) { qk_fill_formats(table); }
