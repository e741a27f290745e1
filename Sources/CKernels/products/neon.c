// Matrix products with Advanced SIMD, and with its dot product instruction where the compiler may
// assume it (every Apple machine; -mcpu or -march elsewhere).
#if defined(__aarch64__)
#include <arm_neon.h>

#include "tables.h"
// Order matters: the decoders, this level's tiles, the walk, the formats.
#include "formats/blocks.h"
#include "formats/superblocks.h"

// Even and odd steps have sums of their own, which shortens the chain of additions.
typedef struct {
    float32x4_t even, odd;
} qk_acc;
typedef float32x4_t qk_float_acc;

// 16 products of bytes, added by fours (or, without the instruction, in some order: the sums are
// of integers and exact).
QK_INLINE int32x4_t qk_dot16(int32x4_t sum, int8x16_t q, int8x16_t values) {
#if defined(__ARM_FEATURE_DOTPROD)
    return vdotq_s32(sum, q, values);
#else
    // 128 * 127 * 2 fits in 16 bits.
    int16x8_t products = vmull_s8(vget_low_s8(q), vget_low_s8(values));
    products = vmlal_s8(products, vget_high_s8(q), vget_high_s8(values));
    return vpadalq_s16(sum, products);
#endif
}

QK_INLINE void qk_tile(qk_kind kind, const qk_chunk *w, const qk_activations *a, size_t row,
                       size_t chunk, size_t pairs, const int R, qk_acc (*acc)[4]) {
    size_t base = row * a->pitch + chunk * QK_CHUNK;
    for (size_t r = 0; r < (size_t)R; r++) {
        const int8_t *x = a->values + base + r * a->pitch;
        const float *scales = a->scales + (base + r * a->pitch) / 32;
        const float *sums = kind.halves ? a->half_sums + (base + r * a->pitch) / 16
                                        : a->sums + (base + r * a->pitch) / 32;
        for (size_t o = 0; o < 4; o++) {
            const int8_t *q = (const int8_t *)w[o].q;
            qk_acc total = acc[r][o];
            for (size_t b = 0; b < 2 * pairs; b++) {
                int32x4_t low = qk_dot16(vdupq_n_s32(0), vld1q_s8(q + 32 * b),
                                         vld1q_s8(x + 32 * b));
                if (kind.halves) {
                    int32x4_t high = qk_dot16(vdupq_n_s32(0), vld1q_s8(q + 32 * b + 16),
                                              vld1q_s8(x + 32 * b + 16));
                    total.even = vfmaq_n_f32(total.even, vcvtq_f32_s32(low),
                                             w[o].scale[2 * b] * scales[b]);
                    total.odd = vfmaq_n_f32(total.odd, vcvtq_f32_s32(high),
                                            w[o].scale[2 * b + 1] * scales[b]);
                } else {
                    low = qk_dot16(low, vld1q_s8(q + 32 * b + 16), vld1q_s8(x + 32 * b + 16));
                    float32x4_t sum = vcvtq_f32_s32(low);
                    float scale = w[o].scale[b] * scales[b];
                    if (b % 2 == 0) {
                        total.even = vfmaq_n_f32(total.even, sum, scale);
                    } else {
                        total.odd = vfmaq_n_f32(total.odd, sum, scale);
                    }
                }
            }
            if (kind.offset) {
                for (size_t g = 0; g < (kind.halves ? 16 : 8); g += 4) {
                    total.even = vfmaq_f32(total.even, vld1q_f32(w[o].offset + g),
                                           vld1q_f32(sums + g));
                }
            }
            acc[r][o] = total;
        }
    }
}

QK_INLINE void qk_finish(const qk_acc acc[4], float *out) {
    for (size_t o = 0; o < 4; o++) {
        out[o] = vaddvq_f32(vaddq_f32(acc[o].even, acc[o].odd));
    }
}

QK_INLINE void qk_float_tile(float (*w)[QK_CHUNK], const float *x, size_t stride, size_t n,
                             const int R, qk_float_acc (*acc)[4]) {
    qk_float_acc sums[4][4];
    memcpy(sums, acc, (size_t)R * sizeof *acc);
    for (size_t i = 0; i < n; i += 4) {
        for (size_t r = 0; r < (size_t)R; r++) {
            float rest[4] = {0};
            const float *from = x + r * stride + i;
            if (n - i < 4) {
                memcpy(rest, from, (n - i) * sizeof *rest);
                from = rest;
            }
            float32x4_t values = vld1q_f32(from);
            for (size_t o = 0; o < 4; o++) {
                sums[r][o] = vfmaq_f32(sums[r][o], vld1q_f32(w[o] + i), values);
            }
        }
    }
    memcpy(acc, sums, (size_t)R * sizeof *acc);
}

QK_INLINE void qk_float_finish(const qk_float_acc acc[4], float *out) {
    for (size_t o = 0; o < 4; o++) {
        out[o] = vaddvq_f32(acc[o]);
    }
}

#define QK_PORTABLE_ROUND_BLOCK
#include "activations/round_block.h"
#include "activations/round_chunk.h"
#include "activations/quantize.h"
#include "products/walk_float.h"
#include "products/walk.h"
#include "products/formats.h"

void qk_fill_products_neon(qk_table *table) { qk_fill_formats(table); }
#endif
