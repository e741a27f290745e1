#if defined(__x86_64__)
#include "vectors/avx2.h"
#include "tables.h"

#pragma clang attribute push(__attribute__((target("avx2,fma,f16c"))), apply_to = function)

typedef __m256i pi;
enum { PI_BYTES = 32 };
#define P_REGISTER "x"
static inline pi p_load(const void *p) { return _mm256_load_si256(p); }
static inline pi p_or(pi a, pi b) { return _mm256_or_si256(a, b); }
static inline pi p_set1(int32_t x) { return _mm256_set1_epi32(x); }
// Without VNNI a step is three instructions: bytes to 16 bits, 16 to 32, and the sum.
static inline pi p_dot(pi sum, pi a, pi b) {
    pi pairs = _mm256_maddubs_epi16(a, b);
    return _mm256_add_epi32(sum, _mm256_madd_epi16(pairs, _mm256_set1_epi16(1)));
}
static inline int64_t p_sum(pi x) {
    int32_t lanes[8];
    int64_t sum = 0;
    _mm256_storeu_si256((__m256i *)(void *)lanes, x);
    for (int i = 0; i < 8; i++) {
        sum += lanes[i];
    }
    return sum;
}
#include "probes/body.h"

void qk_fill_probes_avx2(qk_table *table) { fill_probes(table); }

#pragma clang attribute pop

#endif
