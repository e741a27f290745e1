#if defined(__x86_64__)
#include <math.h>
#include <string.h>

#include "vectors/avx512.h"
#include "tables.h"

#pragma clang attribute push(                                                    \
    __attribute__((target("avx512f,avx512bw,avx512dq,avx512vl,avx2,fma,f16c"))), \
    apply_to = function)
#include "baseline/body.h"

void qk_fill_baselines_avx512(qk_table *table) { fill_baselines(table); }

#pragma clang attribute pop

#endif
