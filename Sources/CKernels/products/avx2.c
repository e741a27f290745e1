// Matrix products with AVX2 and float activations, and the rounding of activations. Those with
// bytes are in panels/avx2.c.
#if defined(__x86_64__)
#include <immintrin.h>

#include "tables.h"

#pragma clang attribute push(__attribute__((target("avx2,fma,f16c"))), apply_to = function)

#define QK_HALF(bits) _cvtsh_ss(bits)
#include "formats/blocks.h"
#include "formats/superblocks.h"
#include "formats/decode_avx2.h"

typedef __m256 qk_float_acc;

QK_INLINE void qk_float_finish(const qk_float_acc acc[4], float *out) {
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

#include "activations/round_block_avx2.h"
#include "activations/round_chunk.h"
#include "activations/quantize.h"
#include "products/walk_float.h"
#include "products/formats.h"

void qk_fill_products_avx2(qk_table *table) { qk_fill_formats(table); }

#pragma clang attribute pop
#endif
