#if defined(__x86_64__)
#include "vectors/avx512.h"
#include "tables.h"

#pragma clang attribute push(                                                               \
    __attribute__((target("avx512f,avx512bw,avx512dq,avx512vl,avx512vnni,avx2,fma,f16c"))), \
    apply_to = function)

typedef __m512i pi;
enum { PI_BYTES = 64 };
#define P_REGISTER "v"
static inline pi p_load(const void *p) { return _mm512_load_si512(p); }
static inline pi p_or(pi a, pi b) { return _mm512_or_si512(a, b); }
static inline pi p_set1(int32_t x) { return _mm512_set1_epi32(x); }
static inline pi p_dot(pi sum, pi a, pi b) { return _mm512_dpbusd_epi32(sum, a, b); }
static inline int64_t p_sum(pi x) { return _mm512_reduce_add_epi32(x); }
#include "probes/body.h"

void qk_fill_probes_avx512(qk_table *table) { fill_probes(table); }

#pragma clang attribute pop

#endif
