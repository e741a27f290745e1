#if defined(__aarch64__)
#include "vectors/neon.h"
#include "tables.h"

typedef int32x4_t pi;
enum { PI_BYTES = 16 };
#define P_REGISTER "w"
static inline pi p_load(const void *p) { return vld1q_s32((const int32_t *)p); }
static inline pi p_or(pi a, pi b) { return vorrq_s32(a, b); }
static inline pi p_set1(int32_t x) { return vdupq_n_s32(x); }
static inline pi p_dot(pi sum, pi a, pi b) {
    int8x16_t x = vreinterpretq_s8_s32(a), y = vreinterpretq_s8_s32(b);
#if defined(__ARM_FEATURE_DOTPROD)
    return vdotq_s32(sum, x, y);
#else
    int16x8_t products = vmull_s8(vget_low_s8(x), vget_low_s8(y));
    return vpadalq_s16(sum, vmlal_s8(products, vget_high_s8(x), vget_high_s8(y)));
#endif
}
static inline int64_t p_sum(pi x) { return vaddlvq_s32(x); }
#include "probes/body.h"

void qk_fill_probes_neon(qk_table *table) { fill_probes(table); }

#endif
