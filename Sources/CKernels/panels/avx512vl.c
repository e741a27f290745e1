// The kernels of panels/avxvnni.c in AVX-512's encoding of the same instruction: so that they run,
// and are tested, on machines that have AVX-512 and no AVX-VNNI.
#if defined(__x86_64__)
#include <immintrin.h>

#include "tables.h"

#pragma clang attribute push(                                                                     \
    __attribute__((target("avx512f,avx512vl,avx512vnni,avx2,fma,f16c"))), apply_to = function)
#define QK_DPBUSD(sum, u, x) _mm256_dpbusd_epi32(sum, u, x)
#include "panels/body_avx2.h"

void qk_fill_panels_avx512vl(qk_table *table) { qk_fill_panels(table); }
#pragma clang attribute pop
#endif
