// The vector operations of one lane, in plain C. The bodies (rows/body.h, attention/body.h) are
// written over these names; each level has a header that gives them its own registers.
#ifndef QK_VECTOR_SCALAR_H
#define QK_VECTOR_SCALAR_H

#include <stdbool.h>
#include <string.h>

#include "vectors/fused.h"

enum { LANES = 1 };
typedef float vf;
typedef bool vm;

static inline vf v_load(const float *p) { return *p; }
static inline void v_store(float *p, vf x) { *p = x; }
static inline vf v_set1(float x) { return x; }
static inline vf v_add(vf a, vf b) { return a + b; }
static inline vf v_sub(vf a, vf b) { return a - b; }
static inline vf v_mul(vf a, vf b) { return a * b; }
static inline vf v_div(vf a, vf b) { return a / b; }
// a * b + c, and c - a * b, rounded once.
static inline vf v_fma(vf a, vf b, vf c) { return qk_fma(a, b, c); }
static inline vf v_fnma(vf a, vf b, vf c) { return qk_fma(-a, b, c); }
static inline vf v_fma_all(const float *p, vf b, vf c) { return v_fma(v_set1(*p), b, c); }
// The same where subnormal numbers count as 0, between v_begin_flushing() and v_end_flushing().
static inline vf v_fma_flushed(const float *p, vf b, vf c) { return qk_fma_flushed(*p, b, c); }
static inline unsigned v_begin_flushing(void) { return 0; }
static inline void v_end_flushing(unsigned mode) { (void)mode; }
// The second operand where either is not a number, as on x86.
static inline vf v_max(vf a, vf b) { return a > b ? a : b; }
static inline vf v_min(vf a, vf b) { return a < b ? a : b; }
static inline vf v_abs(vf x) { return __builtin_fabsf(x); }
// The magnitude of a with the sign of b.
static inline vf v_sign(vf a, vf b) { return __builtin_copysignf(a, b); }
// All lanes: l and l + n / 2 together, then again with half as many.
static inline float v_sum(vf x) { return x; }
static inline float v_hmax(vf x) { return x; }
static inline void v_hmax8(float *p, const vf r[8]) {
    for (int i = 0; i < 8; i++) {
        p[i] = v_hmax(r[i]);
    }
}
static inline vm v_less(vf a, vf b) { return a < b; }
static inline vm v_equal(vf a, vf b) { return a == b; }
static inline vf v_select(vm m, vf a, vf b) { return m ? a : b; }
static inline bool v_any(vm m) { return m; }
// 0, 1, 2, ... in the lanes.
static inline vf v_iota(void) { return 0; }
// The nearest integer, ties to even, with the sign of x: adding and taking away 2^23 leaves it.
static inline vf v_round(vf x) {
    vf a = v_abs(x);
    return a < 0x1p23f ? v_sign((a + 0x1p23f) - 0x1p23f, x) : x;
}
// The elements of even and of odd index of two vectors, one after the other.
static inline vf v_even(vf a, vf b) { return (void)b, a; }
static inline vf v_odd(vf a, vf b) { return (void)a, b; }

static inline float qk_power_of_two(int n) {
    uint32_t bits = (uint32_t)(n + 127) << 23;
    float x;
    memcpy(&x, &bits, sizeof x);
    return x;
}
// x * 2^n for an x near 1 and an integer n from -152 on, or NaN: in two steps, so that neither
// factor overflows; the first is exact.
static inline vf v_ldexp(vf x, vf n) {
    if (n != n) {
        return n;
    }
    int all = n < 254 ? (int)n : 254, first = all / 2;
    return x * qk_power_of_two(first) * qk_power_of_two(all - first);
}

static inline vf v_load_f16(const uint16_t *p) { return qk_f32_from_f16(*p); }
static inline void v_store_f16(uint16_t *p, vf x) { *p = qk_f16_from_f32(x); }
static inline vf v_load_bf16(const uint16_t *p) { return qk_f32_from_bf16(*p); }
static inline void v_store_bf16(uint16_t *p, vf x) { *p = qk_bf16_from_f32(x); }
// The nearest bf16, as a float; subnormal numbers become 0.
static inline vf v_rounded_bf16(vf x) { return qk_rounded_bf16(x); }
static inline void v_transpose(vf rows[LANES]) { (void)rows; }

// Integers: one of 32 bits, or 4 bytes. See vectors/avx512.h.
typedef int32_t vi;

static inline vi vi_set1(int32_t x) { return x; }
static inline vi vi_load(const uint8_t *p) {
    vi x;
    memcpy(&x, p, sizeof x);
    return x;
}
static inline vi vi_load_signed(const uint8_t *p) {
    return (vi)((uint32_t)vi_load(p) ^ 0x80808080u);
}
static inline vi vi_set4(const void *p) { return vi_load(p); }
static inline vi vi_dot(vi sum, vi a, vi b) {
    for (int i = 0; i < 4; i++) {
        sum += (int32_t)(uint8_t)((uint32_t)a >> 8 * i) * (int8_t)((uint32_t)b >> 8 * i);
    }
    return sum;
}
static inline vi vi_dot_all(vi sum, vi a, const int8_t *b) { return vi_dot(sum, a, vi_set4(b)); }
static inline vf v_from_int(vi x) { return (float)x; }
// The nearest integer, ties to even; INT32_MIN for NaN and what no integer is near.
static inline vi v_to_int(vf x) {
    vf y = v_round(x);
    return y >= -0x1p31f && y < 0x1p31f ? (int32_t)y : INT32_MIN;
}
static inline vi vi_add(vi a, vi b) { return a + b; }
static inline vi vi_sub(vi a, vi b) { return a - b; }
static inline int32_t vi_sum(vi x) { return x; }
static inline vi vi_upper(vi x) { return x >> 8; }
static inline vi vi_lift(vi x) { return (vi)((uint32_t)x << 8); }
static inline void vi_store_bytes(uint8_t *p, vi x) { *p = (uint8_t)x; }
static inline int vi_quad(int i) { return 4 * i; }
static inline void vi_store_planes(uint8_t *high, uint8_t *low, const vi x[64 / LANES]) {
    for (int i = 0; i < 64 / LANES; i++) {
        vi n = x[i] < 0 ? 0 : x[i] > 65535 ? 65535 : x[i];
        high[i] = (uint8_t)(n >> 8);
        low[i] = (uint8_t)n;
    }
}

#endif
