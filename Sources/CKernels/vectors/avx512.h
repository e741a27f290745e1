// The vector operations of sixteen lanes: AVX-512 F, BW, DQ, VL.
#ifndef QK_VECTOR_AVX512_H
#define QK_VECTOR_AVX512_H

#include <immintrin.h>
#include <stdbool.h>
#include <stdint.h>
#include <string.h>

#pragma clang attribute push(                                                           \
    __attribute__((target("avx512f,avx512bw,avx512dq,avx512vl,avx2,fma,f16c"))),        \
    apply_to = function)

enum { LANES = 16 };
typedef __m512 vf;
typedef __mmask16 vm;

static inline vf v_load(const float *p) { return _mm512_loadu_ps(p); }
static inline void v_store(float *p, vf x) { _mm512_storeu_ps(p, x); }
static inline vf v_set1(float x) { return _mm512_set1_ps(x); }
static inline vf v_add(vf a, vf b) { return _mm512_add_ps(a, b); }
static inline vf v_sub(vf a, vf b) { return _mm512_sub_ps(a, b); }
static inline vf v_mul(vf a, vf b) { return _mm512_mul_ps(a, b); }
static inline vf v_div(vf a, vf b) { return _mm512_div_ps(a, b); }
static inline vf v_fma(vf a, vf b, vf c) { return _mm512_fmadd_ps(a, b, c); }
static inline vf v_fnma(vf a, vf b, vf c) { return _mm512_fnmadd_ps(a, b, c); }
// *p * b + c. As an operand in memory the factor is free; a broadcast into a register is not, and
// that is what compilers make of a factor that is used twice.
static inline vf v_fma_all(const float *p, vf b, vf c) {
    __asm__("vfmadd231ps %2%{1to16%}, %1, %0" : "+v"(c) : "v"(b), "m"(*p));
    return c;
}
static inline vf v_fma_flushed(const float *p, vf b, vf c) { return v_fma_all(p, b, c); }
// Subnormal numbers count as 0 in between: for calls of functions that are not inlined, since
// compilers move arithmetic across what sets the mode.
static inline unsigned v_begin_flushing(void) {
    unsigned mode = _mm_getcsr();
    _mm_setcsr(mode | _MM_FLUSH_ZERO_ON | 0x40);
    return mode;
}
static inline void v_end_flushing(unsigned mode) { _mm_setcsr(mode); }
static inline vf v_max(vf a, vf b) { return _mm512_max_ps(a, b); }
static inline vf v_min(vf a, vf b) { return _mm512_min_ps(a, b); }
static inline vf v_abs(vf x) { return _mm512_abs_ps(x); }
static inline vf v_sign(vf a, vf b) {
    return _mm512_or_ps(v_abs(a), _mm512_and_ps(_mm512_set1_ps(-0.0f), b));
}

static inline float v_sum(vf x) {
    __m256 h = _mm256_add_ps(_mm512_castps512_ps256(x), _mm512_extractf32x8_ps(x, 1));
    __m128 s = _mm_add_ps(_mm256_castps256_ps128(h), _mm256_extractf128_ps(h, 1));
    s = _mm_add_ps(s, _mm_movehl_ps(s, s));
    return _mm_cvtss_f32(_mm_add_ss(s, _mm_movehdup_ps(s)));
}
static inline float v_hmax(vf x) {
    __m256 h = _mm256_max_ps(_mm512_castps512_ps256(x), _mm512_extractf32x8_ps(x, 1));
    __m128 s = _mm_max_ps(_mm256_castps256_ps128(h), _mm256_extractf128_ps(h, 1));
    s = _mm_max_ps(s, _mm_movehl_ps(s, s));
    return _mm_cvtss_f32(_mm_max_ss(s, _mm_movehdup_ps(s)));
}

// The largest lane of each of eight vectors: as many shuffles as two would take one by one.
static inline void v_hmax8(float *p, const vf r[8]) {
    vf a[4], b[2];
    for (int i = 0; i < 4; i++) {
        vf x = r[2 * i], y = r[2 * i + 1];
        a[i] = _mm512_max_ps(_mm512_unpacklo_ps(x, y), _mm512_unpackhi_ps(x, y));
    }
    for (int i = 0; i < 2; i++) {
        vf x = a[2 * i], y = a[2 * i + 1];
        b[i] = _mm512_max_ps(_mm512_shuffle_ps(x, y, 0x44), _mm512_shuffle_ps(x, y, 0xee));
    }
    vf low = _mm512_shuffle_f32x4(b[0], b[1], 0x44), high = _mm512_shuffle_f32x4(b[0], b[1], 0xee);
    vf x = _mm512_max_ps(low, high);
    x = _mm512_max_ps(x, _mm512_shuffle_f32x4(x, x, 0xb1));
    _mm256_storeu_ps(p, _mm512_castps512_ps256(_mm512_shuffle_f32x4(x, x, 0x08)));
}

static inline vm v_less(vf a, vf b) { return _mm512_cmp_ps_mask(a, b, _CMP_LT_OQ); }
static inline vm v_equal(vf a, vf b) { return _mm512_cmp_ps_mask(a, b, _CMP_EQ_OQ); }
static inline vf v_select(vm m, vf a, vf b) { return _mm512_mask_blend_ps(m, b, a); }
static inline bool v_any(vm m) { return m != 0; }
static inline vf v_iota(void) {
    return _mm512_setr_ps(0, 1, 2, 3, 4, 5, 6, 7, 8, 9, 10, 11, 12, 13, 14, 15);
}
static inline vf v_even(vf a, vf b) {
    __m512i lanes = _mm512_setr_epi32(0, 2, 4, 6, 8, 10, 12, 14, 16, 18, 20, 22, 24, 26, 28, 30);
    return _mm512_permutex2var_ps(a, lanes, b);
}
static inline vf v_odd(vf a, vf b) {
    __m512i lanes = _mm512_setr_epi32(1, 3, 5, 7, 9, 11, 13, 15, 17, 19, 21, 23, 25, 27, 29, 31);
    return _mm512_permutex2var_ps(a, lanes, b);
}
static inline vf v_round(vf x) {
    return _mm512_roundscale_ps(x, _MM_FROUND_TO_NEAREST_INT | _MM_FROUND_NO_EXC);
}
static inline vf v_ldexp(vf x, vf n) { return _mm512_scalef_ps(x, n); }

static inline vf v_load_f16(const uint16_t *p) {
    return _mm512_cvtph_ps(_mm256_loadu_si256((const __m256i *)(const void *)p));
}
static inline void v_store_f16(uint16_t *p, vf x) {
    __mmask16 nan = _mm512_cmp_ps_mask(x, x, _CMP_UNORD_Q);
    __m256i y = _mm512_cvtps_ph(x, _MM_FROUND_TO_NEAREST_INT | _MM_FROUND_NO_EXC);
    // Of the NaNs there is one.
    y = _mm256_mask_mov_epi16(y, nan, _mm256_set1_epi16(0x7e00));
    _mm256_storeu_si256((__m256i *)(void *)p, y);
}
static inline vf v_load_bf16(const uint16_t *p) {
    __m512i wide = _mm512_cvtepu16_epi32(_mm256_loadu_si256((const __m256i *)(const void *)p));
    return _mm512_castsi512_ps(_mm512_slli_epi32(wide, 16));
}
// Rounded to the upper half, whatever is then below.
static inline __m512i v_bf16_bits(vf x) {
    __m512i bits = _mm512_castps_si512(x), upper = _mm512_srli_epi32(bits, 16);
    __m512i odd = _mm512_and_si512(upper, _mm512_set1_epi32(1));
    __m512i rounded = _mm512_add_epi32(bits, _mm512_add_epi32(_mm512_set1_epi32(0x7fff), odd));
    __mmask16 nan = _mm512_cmp_ps_mask(x, x, _CMP_UNORD_Q);
    return _mm512_mask_mov_epi32(rounded, nan, _mm512_set1_epi32(0x7fc00000));
}
static inline vf v_rounded_bf16(vf x) {
    __mmask16 tiny = _mm512_cmp_ps_mask(v_abs(x), v_set1(0x1p-126f), _CMP_LT_OQ);
    __m512i y = _mm512_and_si512(v_bf16_bits(x), _mm512_set1_epi32((int32_t)0xffff0000));
    __m512i sign = _mm512_set1_epi32(INT32_MIN);
    return _mm512_castsi512_ps(_mm512_mask_and_epi32(y, tiny, _mm512_castps_si512(x), sign));
}
static inline void v_store_bf16(uint16_t *p, vf x) {
    __m512i y = _mm512_srli_epi32(v_bf16_bits(x), 16);
    _mm256_storeu_si256((__m256i *)(void *)p, _mm512_cvtepi32_epi16(y));
}

static inline void v_transpose(vf r[LANES]) {
    vf a[16], b[16];
    for (int i = 0; i < 16; i += 2) {
        a[i] = _mm512_unpacklo_ps(r[i], r[i + 1]);
        a[i + 1] = _mm512_unpackhi_ps(r[i], r[i + 1]);
    }
    for (int i = 0; i < 16; i += 4) {
        b[i] = _mm512_shuffle_ps(a[i], a[i + 2], 0x44);
        b[i + 1] = _mm512_shuffle_ps(a[i], a[i + 2], 0xee);
        b[i + 2] = _mm512_shuffle_ps(a[i + 1], a[i + 3], 0x44);
        b[i + 3] = _mm512_shuffle_ps(a[i + 1], a[i + 3], 0xee);
    }
    // b[4g + c]: in 128-bit lane l, column 4l + c of rows 4g ... 4g + 3. Now the lanes.
    for (int c = 0; c < 4; c++) {
        vf even01 = _mm512_shuffle_f32x4(b[c], b[4 + c], 0x88);
        vf odd01 = _mm512_shuffle_f32x4(b[c], b[4 + c], 0xdd);
        vf even23 = _mm512_shuffle_f32x4(b[8 + c], b[12 + c], 0x88);
        vf odd23 = _mm512_shuffle_f32x4(b[8 + c], b[12 + c], 0xdd);
        r[c] = _mm512_shuffle_f32x4(even01, even23, 0x88);
        r[4 + c] = _mm512_shuffle_f32x4(odd01, odd23, 0x88);
        r[8 + c] = _mm512_shuffle_f32x4(even01, even23, 0xdd);
        r[12 + c] = _mm512_shuffle_f32x4(odd01, odd23, 0xdd);
    }
}

// Integers: 16 of 32 bits, or 64 bytes.
typedef __m512i vi;

static inline vi vi_set1(int32_t x) { return _mm512_set1_epi32(x); }
static inline vi vi_load(const uint8_t *p) { return _mm512_loadu_si512(p); }
// The same four bytes in every lane.
static inline vi vi_set4(const void *p) {
    int32_t x;
    memcpy(&x, p, sizeof x);
    return _mm512_set1_epi32(x);
}
// Adds to each lane the products of its four unsigned bytes of a and signed bytes of b.
__attribute__((target("avx512vnni"))) static inline vi vi_dot(vi sum, vi a, vi b) {
    return _mm512_dpbusd_epi32(sum, a, b);
}
// The same with four bytes of b for all lanes: see v_fma_all.
typedef int32_t __attribute__((may_alias, aligned(1))) four_bytes;
__attribute__((target("avx512vnni"))) static inline vi vi_dot_all(vi sum, vi a, const int8_t *b) {
    __asm__("vpdpbusd %2%{1to16%}, %1, %0" : "+v"(sum) : "v"(a), "m"(*(const four_bytes *)b));
    return sum;
}
static inline vf v_from_int(vi x) { return _mm512_cvtepi32_ps(x); }
static inline vi v_to_int(vf x) { return _mm512_cvtps_epi32(x); }
static inline vi vi_add(vi a, vi b) { return _mm512_add_epi32(a, b); }
static inline vi vi_sub(vi a, vi b) { return _mm512_sub_epi32(a, b); }
static inline int32_t vi_sum(vi x) { return _mm512_reduce_add_epi32(x); }
// x / 256, rounded down, and x * 256.
static inline vi vi_upper(vi x) { return _mm512_srai_epi32(x, 8); }
static inline vi vi_lift(vi x) { return _mm512_slli_epi32(x, 8); }
// The low byte of every lane.
static inline void vi_store_bytes(uint8_t *p, vi x) {
    _mm_storeu_si128((__m128i *)(void *)p, _mm512_cvtepi32_epi8(x));
}

// Bytes kept with a bias of 128, without it.
static inline vi vi_load_signed(const uint8_t *p) {
    return _mm512_xor_si512(vi_load(p), _mm512_set1_epi8(-128));
}
// Numbers, the nearest of 0...65535, as 256 * high + low to two planes of 64 bytes; the i'th quad
// of a plane lies at vi_quad(i).
static inline int vi_quad(int i) { return i % 4 * 16 + i / 4 * 4; }
static inline void vi_store_planes(uint8_t *high, uint8_t *low, const vi x[4]) {
    vi bytes = _mm512_set1_epi16(255);
    vi a = _mm512_packus_epi32(x[0], x[1]), b = _mm512_packus_epi32(x[2], x[3]);
    vi upper_a = _mm512_srli_epi16(a, 8), upper_b = _mm512_srli_epi16(b, 8);
    _mm512_storeu_si512(high, _mm512_packus_epi16(upper_a, upper_b));
    a = _mm512_and_si512(a, bytes);
    b = _mm512_and_si512(b, bytes);
    _mm512_storeu_si512(low, _mm512_packus_epi16(a, b));
}

#pragma clang attribute pop
#endif
