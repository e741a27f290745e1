// The vector operations of four lanes: Advanced SIMD of 64-bit ARM.
#ifndef QK_VECTOR_NEON_H
#define QK_VECTOR_NEON_H

#include <arm_neon.h>
#include <stdbool.h>
#include <stdint.h>
#include <string.h>

#include "vectors/fused.h"

enum { LANES = 4 };
typedef float32x4_t vf;
typedef uint32x4_t vm;

static inline vf v_load(const float *p) { return vld1q_f32(p); }
static inline void v_store(float *p, vf x) { vst1q_f32(p, x); }
static inline vf v_set1(float x) { return vdupq_n_f32(x); }
static inline vf v_add(vf a, vf b) { return vaddq_f32(a, b); }
static inline vf v_sub(vf a, vf b) { return vsubq_f32(a, b); }
static inline vf v_mul(vf a, vf b) { return vmulq_f32(a, b); }
static inline vf v_div(vf a, vf b) { return vdivq_f32(a, b); }
static inline vf v_fma(vf a, vf b, vf c) { return vfmaq_f32(c, a, b); }
static inline vf v_fnma(vf a, vf b, vf c) { return vfmsq_f32(c, a, b); }
static inline vm v_less(vf a, vf b) { return vcltq_f32(a, b); }
static inline vm v_equal(vf a, vf b) { return vceqq_f32(a, b); }
static inline vf v_select(vm m, vf a, vf b) { return vbslq_f32(m, a, b); }
static inline bool v_any(vm m) { return vmaxvq_u32(m) != 0; }
static inline vf v_fma_all(const float *p, vf b, vf c) { return v_fma(v_set1(*p), b, c); }
static inline vf v_flushed(vf x) {
    uint32x4_t bits = vreinterpretq_u32_f32(x), kept = vtstq_u32(bits, vdupq_n_u32(0x7f800000));
    return vreinterpretq_f32_u32(vandq_u32(bits, vorrq_u32(kept, vdupq_n_u32(0x80000000))));
}
// Arm's own mode for this finds a result subnormal before it is rounded, x86 after. So results near
// the smallest normal number, which are rare, are found in plain C.
static inline vf v_fma_flushed(const float *p, vf b, vf c) {
    vf y = v_fma(v_flushed(v_set1(*p)), v_flushed(b), v_flushed(c));
    if (vmaxvq_u32(vcaleq_f32(y, v_set1(0x1p-126f))) != 0) {
        float out[LANES], values[LANES], sums[LANES];
        vst1q_f32(values, b);
        vst1q_f32(sums, c);
        for (int i = 0; i < LANES; i++) {
            out[i] = qk_fma_flushed(*p, values[i], sums[i]);
        }
        y = vld1q_f32(out);
    }
    return y;
}
static inline unsigned v_begin_flushing(void) { return 0; }
static inline void v_end_flushing(unsigned mode) { (void)mode; }
// The second operand where either is not a number, as on x86.
static inline vf v_max(vf a, vf b) { return vbslq_f32(vcgtq_f32(a, b), a, b); }
static inline vf v_min(vf a, vf b) { return vbslq_f32(vcltq_f32(a, b), a, b); }
static inline vf v_abs(vf x) { return vabsq_f32(x); }
static inline vf v_sign(vf a, vf b) { return vbslq_f32(vdupq_n_u32(0x80000000), b, a); }
static inline float v_sum(vf x) {
    float32x2_t s = vadd_f32(vget_low_f32(x), vget_high_f32(x));
    return vget_lane_f32(s, 0) + vget_lane_f32(s, 1);
}
static inline float v_hmax(vf x) {
    float32x2_t a = vget_low_f32(x), b = vget_high_f32(x), s = vbsl_f32(vcgt_f32(a, b), a, b);
    float first = vget_lane_f32(s, 0), second = vget_lane_f32(s, 1);
    return first > second ? first : second;
}
static inline void v_hmax8(float *p, const vf r[8]) {
    for (int i = 0; i < 8; i++) {
        p[i] = v_hmax(r[i]);
    }
}
static inline vf v_iota(void) { return (vf){0, 1, 2, 3}; }
static inline vf v_even(vf a, vf b) { return vuzp1q_f32(a, b); }
static inline vf v_odd(vf a, vf b) { return vuzp2q_f32(a, b); }
static inline vf v_round(vf x) { return vrndnq_f32(x); }

static inline vf v_power_of_two(int32x4_t n) {
    return vreinterpretq_f32_s32(vshlq_n_s32(vaddq_s32(n, vdupq_n_s32(127)), 23));
}
// In two steps, so that neither factor overflows; the first is exact. A NaN in x stays.
static inline vf v_ldexp(vf x, vf n) {
    int32x4_t all = vcvtnq_s32_f32(v_min(v_set1(254), n)), first = vshrq_n_s32(all, 1);
    return v_mul(v_mul(x, v_power_of_two(first)), v_power_of_two(vsubq_s32(all, first)));
}

static inline vf v_load_f16(const uint16_t *p) {
    return vcvt_f32_f16(vreinterpret_f16_u16(vld1_u16(p)));
}
static inline void v_store_f16(uint16_t *p, vf x) {
    // Of the NaNs there is one.
    uint16x4_t y = vreinterpret_u16_f16(vcvt_f16_f32(x));
    vst1_u16(p, vbsl_u16(vmovn_u32(vceqq_f32(x, x)), y, vdup_n_u16(0x7e00)));
}
static inline vf v_load_bf16(const uint16_t *p) {
    return vreinterpretq_f32_u32(vshll_n_u16(vld1_u16(p), 16));
}
// Rounded to the upper half, whatever is then below.
static inline uint32x4_t v_bf16_bits(vf x) {
    uint32x4_t bits = vreinterpretq_u32_f32(x), upper = vshrq_n_u32(bits, 16);
    uint32x4_t odd = vandq_u32(upper, vdupq_n_u32(1));
    uint32x4_t rounded = vaddq_u32(bits, vaddq_u32(vdupq_n_u32(0x7fff), odd));
    return vbslq_u32(vceqq_f32(x, x), rounded, vdupq_n_u32(0x7fc00000));
}
static inline vf v_rounded_bf16(vf x) {
    uint32x4_t y = v_bf16_bits(v_flushed(x));
    return vreinterpretq_f32_u32(vandq_u32(y, vdupq_n_u32(0xffff0000)));
}
static inline void v_store_bf16(uint16_t *p, vf x) { vst1_u16(p, vshrn_n_u32(v_bf16_bits(x), 16)); }

static inline void v_transpose(vf r[LANES]) {
    float64x2_t a = vreinterpretq_f64_f32(vtrn1q_f32(r[0], r[1]));
    float64x2_t b = vreinterpretq_f64_f32(vtrn2q_f32(r[0], r[1]));
    float64x2_t c = vreinterpretq_f64_f32(vtrn1q_f32(r[2], r[3]));
    float64x2_t d = vreinterpretq_f64_f32(vtrn2q_f32(r[2], r[3]));
    r[0] = vreinterpretq_f32_f64(vtrn1q_f64(a, c));
    r[1] = vreinterpretq_f32_f64(vtrn1q_f64(b, d));
    r[2] = vreinterpretq_f32_f64(vtrn2q_f64(a, c));
    r[3] = vreinterpretq_f32_f64(vtrn2q_f64(b, d));
}

// Integers: 4 of 32 bits, or 16 bytes. See vectors/avx512.h.
typedef int32x4_t vi;

static inline vi vi_set1(int32_t x) { return vdupq_n_s32(x); }
static inline vi vi_load(const uint8_t *p) { return vreinterpretq_s32_u8(vld1q_u8(p)); }
static inline vi vi_load_signed(const uint8_t *p) {
    return vreinterpretq_s32_u8(veorq_u8(vld1q_u8(p), vdupq_n_u8(128)));
}
static inline vi vi_set4(const void *p) {
    int32_t x;
    memcpy(&x, p, sizeof x);
    return vdupq_n_s32(x);
}
static inline vi vi_dot(vi sum, vi a, vi b) {
    uint8x16_t x = vreinterpretq_u8_s32(a);
    int8x16_t y = vreinterpretq_s8_s32(b);
    int16x8_t x0 = vreinterpretq_s16_u16(vmovl_u8(vget_low_u8(x))), y0 = vmovl_s8(vget_low_s8(y));
    int16x8_t x1 = vreinterpretq_s16_u16(vmovl_u8(vget_high_u8(x)));
    int16x8_t y1 = vmovl_s8(vget_high_s8(y));
    int32x4_t p0 = vmull_s16(vget_low_s16(x0), vget_low_s16(y0));
    int32x4_t p1 = vmull_s16(vget_high_s16(x0), vget_high_s16(y0));
    int32x4_t p2 = vmull_s16(vget_low_s16(x1), vget_low_s16(y1));
    int32x4_t p3 = vmull_s16(vget_high_s16(x1), vget_high_s16(y1));
    return vaddq_s32(sum, vpaddq_s32(vpaddq_s32(p0, p1), vpaddq_s32(p2, p3)));
}
static inline vi vi_dot_all(vi sum, vi a, const int8_t *b) { return vi_dot(sum, a, vi_set4(b)); }
static inline vf v_from_int(vi x) { return vcvtq_f32_s32(x); }
static inline vi v_to_int(vf x) {
    return vbslq_s32(vcaltq_f32(x, v_set1(0x1p31f)), vcvtnq_s32_f32(x), vdupq_n_s32(INT32_MIN));
}
static inline vi vi_add(vi a, vi b) { return vaddq_s32(a, b); }
static inline vi vi_sub(vi a, vi b) { return vsubq_s32(a, b); }
static inline int32_t vi_sum(vi x) { return vaddvq_s32(x); }
static inline vi vi_upper(vi x) { return vshrq_n_s32(x, 8); }
static inline vi vi_lift(vi x) { return vshlq_n_s32(x, 8); }
static inline void vi_store_bytes(uint8_t *p, vi x) {
    int32_t lanes[LANES];
    vst1q_s32(lanes, x);
    for (int i = 0; i < LANES; i++) {
        p[i] = (uint8_t)lanes[i];
    }
}
static inline int vi_quad(int i) { return 4 * i; }
static inline void vi_store_planes(uint8_t *high, uint8_t *low, const vi x[64 / LANES]) {
    for (int i = 0; i < 64 / LANES; i += 2) {
        uint16x8_t n = vcombine_u16(vqmovun_s32(x[i]), vqmovun_s32(x[i + 1]));
        vst1_u8(high + i * LANES, vshrn_n_u16(n, 8));
        vst1_u8(low + i * LANES, vmovn_u16(n));
    }
}

#endif
