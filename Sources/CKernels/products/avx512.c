// Matrix products with AVX-512 and float activations, and the rounding of activations. Those with
// bytes are in panels/avx512.c.
#if defined(__x86_64__)
#include <immintrin.h>

#include "tables.h"

#pragma clang attribute push(                                                                     \
    __attribute__((target("avx512f,avx512bw,avx512vl,avx512dq,avx512vnni,avx2,fma,f16c"))),       \
    apply_to = function)

// Integers stay unsigned, as vpdpbusd wants its first operand.
#define QK_BIASED 1
#define QK_HALF(bits) _cvtsh_ss(bits)
#include "formats/blocks.h"
#include "formats/superblocks.h"
#include "formats/decode_avx512.h"

typedef __m512 qk_float_acc;

// Four sums of 16 lanes: each as ((l, l + 1), (l + 2, l + 3)) of every 128 bits, then those.
QK_INLINE void qk_float_finish(const qk_float_acc acc[4], float *out) {
    __m512 a = _mm512_add_ps(_mm512_unpacklo_ps(acc[0], acc[1]),
                             _mm512_unpackhi_ps(acc[0], acc[1]));
    __m512 b = _mm512_add_ps(_mm512_unpacklo_ps(acc[2], acc[3]),
                             _mm512_unpackhi_ps(acc[2], acc[3]));
    __m512 c = _mm512_add_ps(_mm512_shuffle_ps(a, b, 0x44), _mm512_shuffle_ps(a, b, 0xEE));
    __m256 d = _mm256_add_ps(_mm512_castps512_ps256(c), _mm512_extractf32x8_ps(c, 1));
    _mm_storeu_ps(out, _mm_add_ps(_mm256_castps256_ps128(d), _mm256_extractf128_ps(d, 1)));
}

QK_INLINE void qk_float_tile(float (*w)[QK_CHUNK], const float *x, size_t stride, size_t n,
                             const int R, qk_float_acc (*acc)[4]) {
    qk_float_acc sums[4][4];
    memcpy(sums, acc, (size_t)R * sizeof *acc);
    for (size_t i = 0; i < n; i += 16) {
        __mmask16 mask = n - i < 16 ? (__mmask16)((1u << (n - i)) - 1) : 0xFFFF;
#pragma clang loop unroll(full)
        for (int r = 0; r < R; r++) {
            __m512 values = _mm512_maskz_loadu_ps(mask, x + (size_t)r * stride + i);
#pragma clang loop unroll(full)
            for (int o = 0; o < 4; o++) {
                sums[r][o] = _mm512_fmadd_ps(_mm512_load_ps(w[o] + i), values, sums[r][o]);
            }
        }
    }
    memcpy(acc, sums, (size_t)R * sizeof *acc);
}

#include "activations/round_chunk_avx512.h"
#include "activations/quantize.h"
#include "products/walk_float.h"
#include "products/formats.h"

void qk_fill_products_avx512(qk_table *table) { qk_fill_formats(table); }

#pragma clang attribute pop
#endif
