// The vector operations of eight lanes: AVX2 with FMA and F16C.
#ifndef QK_VECTOR_AVX2_H
#define QK_VECTOR_AVX2_H

#include <immintrin.h>
#include <math.h>
#include <stdbool.h>
#include <stdint.h>
#include <string.h>

#pragma clang attribute push(__attribute__((target("avx2,fma,f16c"))), apply_to = function)

enum { LANES = 8 };
typedef __m256 vf;
typedef __m256 vm;

static inline vf v_load(const float *p) { return _mm256_loadu_ps(p); }
static inline void v_store(float *p, vf x) { _mm256_storeu_ps(p, x); }
static inline vf v_set1(float x) { return _mm256_set1_ps(x); }
static inline vf v_add(vf a, vf b) { return _mm256_add_ps(a, b); }
static inline vf v_sub(vf a, vf b) { return _mm256_sub_ps(a, b); }
static inline vf v_mul(vf a, vf b) { return _mm256_mul_ps(a, b); }
static inline vf v_div(vf a, vf b) { return _mm256_div_ps(a, b); }
static inline vf v_fma(vf a, vf b, vf c) { return _mm256_fmadd_ps(a, b, c); }
static inline vf v_fnma(vf a, vf b, vf c) { return _mm256_fnmadd_ps(a, b, c); }
static inline vf v_fma_all(const float *p, vf b, vf c) { return v_fma(v_set1(*p), b, c); }
static inline vf v_fma_flushed(const float *p, vf b, vf c) { return v_fma_all(p, b, c); }
// Subnormal numbers count as 0 in between: for calls of functions that are not inlined, since
// compilers move arithmetic across what sets the mode.
static inline unsigned v_begin_flushing(void) {
    unsigned mode = _mm_getcsr();
    _mm_setcsr(mode | _MM_FLUSH_ZERO_ON | 0x40);
    return mode;
}
static inline void v_end_flushing(unsigned mode) { _mm_setcsr(mode); }
static inline vf v_max(vf a, vf b) { return _mm256_max_ps(a, b); }
static inline vf v_min(vf a, vf b) { return _mm256_min_ps(a, b); }
static inline vf v_abs(vf x) { return _mm256_andnot_ps(_mm256_set1_ps(-0.0f), x); }
static inline vf v_sign(vf a, vf b) {
    return _mm256_or_ps(v_abs(a), _mm256_and_ps(_mm256_set1_ps(-0.0f), b));
}

static inline float v_sum(vf x) {
    __m128 s = _mm_add_ps(_mm256_castps256_ps128(x), _mm256_extractf128_ps(x, 1));
    s = _mm_add_ps(s, _mm_movehl_ps(s, s));
    return _mm_cvtss_f32(_mm_add_ss(s, _mm_movehdup_ps(s)));
}
static inline float v_hmax(vf x) {
    __m128 s = _mm_max_ps(_mm256_castps256_ps128(x), _mm256_extractf128_ps(x, 1));
    s = _mm_max_ps(s, _mm_movehl_ps(s, s));
    return _mm_cvtss_f32(_mm_max_ss(s, _mm_movehdup_ps(s)));
}

static inline void v_hmax8(float *p, const vf r[8]) {
    for (int i = 0; i < 8; i++) {
        p[i] = v_hmax(r[i]);
    }
}
static inline vm v_less(vf a, vf b) { return _mm256_cmp_ps(a, b, _CMP_LT_OQ); }
static inline vm v_equal(vf a, vf b) { return _mm256_cmp_ps(a, b, _CMP_EQ_OQ); }
static inline vf v_select(vm m, vf a, vf b) { return _mm256_blendv_ps(b, a, m); }
static inline bool v_any(vm m) { return _mm256_movemask_ps(m) != 0; }
static inline vf v_iota(void) { return _mm256_setr_ps(0, 1, 2, 3, 4, 5, 6, 7); }
static inline vf v_even(vf a, vf b) {
    __m256d x = _mm256_castps_pd(_mm256_shuffle_ps(a, b, 0x88));
    return _mm256_castpd_ps(_mm256_permute4x64_pd(x, 0xd8));
}
static inline vf v_odd(vf a, vf b) {
    __m256d x = _mm256_castps_pd(_mm256_shuffle_ps(a, b, 0xdd));
    return _mm256_castpd_ps(_mm256_permute4x64_pd(x, 0xd8));
}
static inline vf v_round(vf x) {
    return _mm256_round_ps(x, _MM_FROUND_TO_NEAREST_INT | _MM_FROUND_NO_EXC);
}

static inline vf v_power_of_two(__m256i n) {
    return _mm256_castsi256_ps(
        _mm256_slli_epi32(_mm256_add_epi32(n, _mm256_set1_epi32(127)), 23));
}
// In two steps, so that neither factor overflows; the first is exact. A NaN in x stays.
static inline vf v_ldexp(vf x, vf n) {
    __m256i all = _mm256_cvtps_epi32(v_min(v_set1(254), n)), first = _mm256_srai_epi32(all, 1);
    vf y = v_mul(x, v_power_of_two(first));
    return v_mul(y, v_power_of_two(_mm256_sub_epi32(all, first)));
}

static inline vf v_load_f16(const uint16_t *p) {
    return _mm256_cvtph_ps(_mm_loadu_si128((const __m128i *)(const void *)p));
}
static inline void v_store_f16(uint16_t *p, vf x) {
    // Of the NaNs there is one.
    vf y = _mm256_blendv_ps(x, v_set1(NAN), _mm256_cmp_ps(x, x, _CMP_UNORD_Q));
    _mm_storeu_si128((__m128i *)(void *)p, _mm256_cvtps_ph(y, _MM_FROUND_TO_NEAREST_INT));
}
static inline vf v_load_bf16(const uint16_t *p) {
    __m256i wide = _mm256_cvtepu16_epi32(_mm_loadu_si128((const __m128i *)(const void *)p));
    return _mm256_castsi256_ps(_mm256_slli_epi32(wide, 16));
}
// Rounded to the upper half, whatever is then below.
static inline __m256i v_bf16_bits(vf x) {
    __m256i bits = _mm256_castps_si256(x), upper = _mm256_srli_epi32(bits, 16);
    __m256i odd = _mm256_and_si256(upper, _mm256_set1_epi32(1));
    __m256i rounded = _mm256_add_epi32(bits, _mm256_add_epi32(_mm256_set1_epi32(0x7fff), odd));
    vm nan = _mm256_cmp_ps(x, x, _CMP_UNORD_Q);
    return _mm256_blendv_epi8(rounded, _mm256_set1_epi32(0x7fc00000), _mm256_castps_si256(nan));
}
static inline vf v_rounded_bf16(vf x) {
    vm normal = _mm256_cmp_ps(v_abs(x), v_set1(0x1p-126f), _CMP_NLT_UQ);
    __m256i sign = _mm256_castps_si256(v_set1(-0.0f));
    __m256i kept = _mm256_or_si256(sign, _mm256_castps_si256(normal));
    kept = _mm256_and_si256(kept, _mm256_set1_epi32((int32_t)0xffff0000));
    return _mm256_castsi256_ps(_mm256_and_si256(v_bf16_bits(x), kept));
}
static inline void v_store_bf16(uint16_t *p, vf x) {
    __m256i y = _mm256_srli_epi32(v_bf16_bits(x), 16);
    __m256i packed = _mm256_packus_epi32(y, y);
    packed = _mm256_permute4x64_epi64(packed, 0x08);
    _mm_storeu_si128((__m128i *)(void *)p, _mm256_castsi256_si128(packed));
}

static inline void v_transpose(vf r[LANES]) {
    vf a[8], b[8];
    for (int i = 0; i < 4; i++) {
        a[2 * i] = _mm256_unpacklo_ps(r[2 * i], r[2 * i + 1]);
        a[2 * i + 1] = _mm256_unpackhi_ps(r[2 * i], r[2 * i + 1]);
    }
    for (int i = 0; i < 8; i += 4) {
        b[i] = _mm256_shuffle_ps(a[i], a[i + 2], 0x44);
        b[i + 1] = _mm256_shuffle_ps(a[i], a[i + 2], 0xee);
        b[i + 2] = _mm256_shuffle_ps(a[i + 1], a[i + 3], 0x44);
        b[i + 3] = _mm256_shuffle_ps(a[i + 1], a[i + 3], 0xee);
    }
    for (int i = 0; i < 4; i++) {
        r[i] = _mm256_permute2f128_ps(b[i], b[i + 4], 0x20);
        r[i + 4] = _mm256_permute2f128_ps(b[i], b[i + 4], 0x31);
    }
}

// Integers: 8 of 32 bits, or 32 bytes. See vectors/avx512.h.
typedef __m256i vi;

static inline vi vi_set1(int32_t x) { return _mm256_set1_epi32(x); }
static inline vi vi_load(const uint8_t *p) {
    return _mm256_loadu_si256((const __m256i *)(const void *)p);
}
static inline vi vi_load_signed(const uint8_t *p) {
    return _mm256_xor_si256(vi_load(p), _mm256_set1_epi8(-128));
}
static inline vi vi_set4(const void *p) {
    int32_t x;
    memcpy(&x, p, sizeof x);
    return _mm256_set1_epi32(x);
}
// By way of 16 bits: the products of bytes with pairwise sums of 16 bits saturate.
static inline vi vi_dot(vi sum, vi a, vi b) {
    vi even = _mm256_and_si256(a, _mm256_set1_epi16(255)), odd = _mm256_srli_epi16(a, 8);
    vi x = _mm256_madd_epi16(even, _mm256_srai_epi16(_mm256_slli_epi16(b, 8), 8));
    vi y = _mm256_madd_epi16(odd, _mm256_srai_epi16(b, 8));
    return _mm256_add_epi32(sum, _mm256_add_epi32(x, y));
}
static inline vi vi_dot_all(vi sum, vi a, const int8_t *b) { return vi_dot(sum, a, vi_set4(b)); }
static inline vf v_from_int(vi x) { return _mm256_cvtepi32_ps(x); }
static inline vi v_to_int(vf x) { return _mm256_cvtps_epi32(x); }
static inline vi vi_add(vi a, vi b) { return _mm256_add_epi32(a, b); }
static inline vi vi_sub(vi a, vi b) { return _mm256_sub_epi32(a, b); }
static inline int32_t vi_sum(vi x) {
    __m128i s = _mm_add_epi32(_mm256_castsi256_si128(x), _mm256_extracti128_si256(x, 1));
    s = _mm_add_epi32(s, _mm_shuffle_epi32(s, 0x4e));
    return _mm_cvtsi128_si32(_mm_add_epi32(s, _mm_shuffle_epi32(s, 0xb1)));
}
static inline vi vi_upper(vi x) { return _mm256_srai_epi32(x, 8); }
static inline vi vi_lift(vi x) { return _mm256_slli_epi32(x, 8); }
static inline void vi_store_bytes(uint8_t *p, vi x) {
    int32_t lanes[LANES];
    _mm256_storeu_si256((__m256i *)(void *)lanes, x);
    for (int i = 0; i < LANES; i++) {
        p[i] = (uint8_t)lanes[i];
    }
}
static inline int vi_quad(int i) { return 4 * i; }
// Two vectors of 32 bits to one of 16, or of 16 bits to bytes, in order.
static inline vi vi_pack16(vi a, vi b) {
    return _mm256_permute4x64_epi64(_mm256_packus_epi32(a, b), 0xd8);
}
static inline vi vi_pack8(vi a, vi b) {
    return _mm256_permute4x64_epi64(_mm256_packus_epi16(a, b), 0xd8);
}
static inline void vi_store_planes(uint8_t *high, uint8_t *low, const vi x[8]) {
    vi bytes = _mm256_set1_epi16(255);
    for (int i = 0; i < 2; i++, high += 32, low += 32) {
        vi a = vi_pack16(x[4 * i], x[4 * i + 1]), b = vi_pack16(x[4 * i + 2], x[4 * i + 3]);
        vi upper = vi_pack8(_mm256_srli_epi16(a, 8), _mm256_srli_epi16(b, 8));
        vi lower = vi_pack8(_mm256_and_si256(a, bytes), _mm256_and_si256(b, bytes));
        _mm256_storeu_si256((__m256i *)(void *)high, upper);
        _mm256_storeu_si256((__m256i *)(void *)low, lower);
    }
}

#pragma clang attribute pop
#endif
