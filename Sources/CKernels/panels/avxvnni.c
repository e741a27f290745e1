// Matrix products over panels with AVX2 and AVX-VNNI.
#if defined(__x86_64__)
#include <immintrin.h>

#include "tables.h"

#pragma clang attribute push(__attribute__((target("avxvnni,avx2,fma,f16c"))), apply_to = function)
#define QK_DPBUSD(sum, u, x) _mm256_dpbusd_avx_epi32(sum, u, x)
#include "panels/body_avx2.h"

void qk_fill_panels_avxvnni(qk_table *table) { qk_fill_panels(table); }
#pragma clang attribute pop
#endif
