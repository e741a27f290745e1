// Matrix products with AVX2: one run of 32 weights a step.
#if defined(__x86_64__)
#include <immintrin.h>

#include "tables.h"

#pragma clang attribute push(__attribute__((target("avx2,fma,f16c"))), apply_to = function)

#define QK_HALF(bits) _cvtsh_ss(bits)
#include "blocks.h"
#include "superblocks.h"
#include "decode_avx2.h"

typedef __m256 qk_acc;
typedef __m256 qk_float_acc;

// Sums of four products of bytes each. vpmaddubsw wants one side unsigned: the weights give their
// sign to the activations, which are never -128. 128 * 127 * 2 fits in 16 bits.
QK_INLINE __m256i qk_dot4(__m256i q, __m256i magnitude, __m256i values) {
    __m256i pairs = _mm256_maddubs_epi16(magnitude, _mm256_sign_epi8(values, q));
    return _mm256_madd_epi16(pairs, _mm256_set1_epi16(1));
}

QK_INLINE void qk_tile(qk_kind kind, const qk_chunk *w, const qk_activations *a, size_t row,
                       size_t chunk, size_t pairs, const int R, qk_acc (*acc)[4]) {
    qk_acc sums[4][4];
    memcpy(sums, acc, (size_t)R * sizeof *acc);
    size_t base = row * a->pitch + chunk * QK_CHUNK;
#pragma clang loop unroll(disable)
    for (size_t b = 0; b < 2 * pairs; b++) {
#pragma clang loop unroll(full)
        for (size_t o = 0; o < 4; o++) {
            __m256i q = _mm256_load_si256((const __m256i *)(w[o].q + 32 * b));
            __m256i magnitude = _mm256_abs_epi8(q);
            const float *s = w[o].scale + (kind.halves ? 2 * b : b);
            __m256 scale = kind.halves ? _mm256_set_m128(_mm_set1_ps(s[1]), _mm_set1_ps(s[0]))
                                       : _mm256_set1_ps(s[0]);
#pragma clang loop unroll(full)
            for (size_t r = 0; r < (size_t)R; r++) {
                size_t at = base + r * a->pitch + 32 * b;
                __m256i values = _mm256_load_si256((const __m256i *)(a->values + at));
                __m256 sum = _mm256_cvtepi32_ps(qk_dot4(q, magnitude, values));
                __m256 both = _mm256_mul_ps(scale, _mm256_set1_ps(a->scales[at / 32]));
                sums[r][o] = _mm256_fmadd_ps(sum, both, sums[r][o]);
            }
        }
    }
    if (kind.offset) {
#pragma clang loop unroll(full)
        for (size_t r = 0; r < (size_t)R; r++) {
            size_t at = base + r * a->pitch;
            const float *x = kind.halves ? a->half_sums + at / 16 : a->sums + at / 32;
#pragma clang loop unroll(full)
            for (size_t o = 0; o < 4; o++) {
                sums[r][o] = _mm256_fmadd_ps(_mm256_load_ps(w[o].offset), _mm256_loadu_ps(x),
                                             sums[r][o]);
                if (kind.halves) {
                    sums[r][o] = _mm256_fmadd_ps(_mm256_load_ps(w[o].offset + 8),
                                                 _mm256_loadu_ps(x + 8), sums[r][o]);
                }
            }
        }
    }
    memcpy(acc, sums, (size_t)R * sizeof *acc);
}

QK_INLINE void qk_finish(const qk_acc acc[4], float *out) {
    __m256 a = _mm256_hadd_ps(acc[0], acc[1]), b = _mm256_hadd_ps(acc[2], acc[3]);
    __m256 c = _mm256_hadd_ps(a, b);
    _mm_storeu_ps(out, _mm_add_ps(_mm256_castps256_ps128(c), _mm256_extractf128_ps(c, 1)));
}

QK_INLINE void qk_float_tile(float (*w)[QK_CHUNK], const float *x, size_t stride, size_t n,
                             const int R, qk_float_acc (*acc)[4]) {
    qk_float_acc sums[4][4];
    memcpy(sums, acc, (size_t)R * sizeof *acc);
    const __m256i lanes = _mm256_set_epi32(7, 6, 5, 4, 3, 2, 1, 0);
    for (size_t i = 0; i < n; i += 8) {
        __m256i mask = _mm256_cmpgt_epi32(_mm256_set1_epi32((int)(n - i)), lanes);
#pragma clang loop unroll(full)
        for (int r = 0; r < R; r++) {
            __m256 values = _mm256_maskload_ps(x + (size_t)r * stride + i, mask);
#pragma clang loop unroll(full)
            for (int o = 0; o < 4; o++) {
                sums[r][o] = _mm256_fmadd_ps(_mm256_load_ps(w[o] + i), values, sums[r][o]);
            }
        }
    }
    memcpy(acc, sums, (size_t)R * sizeof *acc);
}

QK_INLINE void qk_float_finish(const qk_float_acc acc[4], float *out) { qk_finish(acc, out); }

#include "round_block_avx2.h"
#include "round_chunk.h"
#include "quantize.h"
#include "products_float.h"
#include "products.h"
#include "formats.h"

void qk_fill_products_avx2(qk_table *table) { qk_fill_formats(table); }

#pragma clang attribute pop
#endif
