// Matrix products over panels with AVX2.
#if defined(__x86_64__)
#include <immintrin.h>

#include "tables.h"

#pragma clang attribute push(__attribute__((target("avx2,fma,f16c"))), apply_to = function)
#include "panels/body_avx2.h"

void qk_fill_panels_avx2(qk_table *table) { qk_fill_panels(table); }
#pragma clang attribute pop
#endif
