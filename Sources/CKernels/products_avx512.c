// Matrix products with AVX-512 and VNNI: 64 weights a step, two runs of 32 side by side.
#if defined(__x86_64__)
#include <immintrin.h>

#include "tables.h"

#pragma clang attribute push(                                                                     \
    __attribute__((target("avx512f,avx512bw,avx512vl,avx512dq,avx512vnni,avx2,fma,f16c"))),       \
    apply_to = function)

// Integers stay unsigned, as vpdpbusd wants its first operand.
#define QK_BIASED 1
#define QK_HALF(bits) _cvtsh_ss(bits)
#include "blocks.h"
#include "superblocks.h"
#include "decode_avx512.h"

typedef __m512 qk_acc;
typedef __m512 qk_float_acc;

// Lane l of pair p takes the scale of its group: 8 or 4 lanes (32 or 16 weights) a group.
QK_INLINE __m512i qk_scale_lanes(bool halves, int pair) {
    __m512i lanes = _mm512_set_epi32(15, 14, 13, 12, 11, 10, 9, 8, 7, 6, 5, 4, 3, 2, 1, 0);
    return _mm512_add_epi32(_mm512_srli_epi32(lanes, halves ? 2 : 3),
                            _mm512_set1_epi32(halves ? 4 * pair : 2 * pair));
}

QK_INLINE void qk_tile(qk_kind kind, const qk_chunk *w, const qk_activations *a, size_t row,
                       size_t chunk, size_t pairs, const int R, qk_acc (*acc)[4]) {
    const int8_t *x[4];
    __m512 scales[4][4];
    const __m512i twice = _mm512_set_epi32(7, 7, 6, 6, 5, 5, 4, 4, 3, 3, 2, 2, 1, 1, 0, 0);
#pragma clang loop unroll(full)
    for (int r = 0; r < R; r++) {
        size_t base = (row + (size_t)r) * a->padded + chunk * QK_CHUNK;
        x[r] = a->values + base;
        __m512 s = _mm512_zextps256_ps512(_mm256_loadu_ps(a->scales + base / 32));
        if (kind.halves) {
            s = _mm512_permutexvar_ps(twice, s);
        }
#pragma clang loop unroll(full)
        for (int o = 0; o < 4; o++) {
            scales[r][o] = kind.halves
                ? _mm512_mul_ps(s, _mm512_load_ps(w[o].scale))
                : _mm512_zextps256_ps512(
                      _mm256_mul_ps(_mm512_castps512_ps256(s), _mm256_load_ps(w[o].scale)));
            if (kind.offset) {
                __m512 sums = kind.halves ? _mm512_loadu_ps(a->half_sums + base / 16)
                                          : _mm512_zextps256_ps512(
                                                _mm256_loadu_ps(a->sums + base / 32));
                __m512 offset = kind.halves
                    ? _mm512_load_ps(w[o].offset)
                    : _mm512_zextps256_ps512(_mm256_load_ps(w[o].offset));
                acc[r][o] = _mm512_fmadd_ps(offset, sums, acc[r][o]);
            }
        }
    }
    const __m512i bias = _mm512_set1_epi8((char)kind.bias);
    qk_acc sums[4][4];
    memcpy(sums, acc, (size_t)R * sizeof *acc);
#pragma clang loop unroll(disable)
    for (int pair = 0; pair < (int)pairs; pair++) {
        __m512i lanes = qk_scale_lanes(kind.halves, pair);
#pragma clang loop unroll(full)
        for (int r = 0; r < R; r++) {
            __m512i values = _mm512_load_si512(x[r] + 64 * pair);
            __m512i start = _mm512_setzero_si512();
            if (kind.bias != 0) {
                start = _mm512_sub_epi32(start, _mm512_dpbusd_epi32(start, bias, values));
            }
#pragma clang loop unroll(full)
            for (int o = 0; o < 4; o++) {
                __m512i q = _mm512_load_si512(w[o].q + 64 * pair);
                __m512 sum = _mm512_cvtepi32_ps(_mm512_dpbusd_epi32(start, q, values));
                __m512 scale = _mm512_permutexvar_ps(lanes, scales[r][o]);
                sums[r][o] = _mm512_fmadd_ps(sum, scale, sums[r][o]);
            }
        }
    }
    memcpy(acc, sums, (size_t)R * sizeof *acc);
}

// Four sums of 16 lanes: each as ((l, l + 1), (l + 2, l + 3)) of every 128 bits, then those.
QK_INLINE void qk_finish(const qk_acc acc[4], float *out) {
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

QK_INLINE void qk_float_finish(const qk_float_acc acc[4], float *out) { qk_finish(acc, out); }

#include "round_block_avx512.h"
#include "quantize.h"
#include "products.h"
#include "formats.h"

void qk_fill_products_avx512(qk_table *table) { qk_fill_formats(table); }

#pragma clang attribute pop
#endif
