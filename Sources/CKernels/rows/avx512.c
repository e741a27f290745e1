#if defined(__x86_64__)
#include <math.h>
#include <string.h>

#include "vectors/avx512.h"
#include "tables.h"

#pragma clang attribute push(                                                    \
    __attribute__((target("avx512f,avx512bw,avx512dq,avx512vl,avx2,fma,f16c"))), \
    apply_to = function)
#include "rows/body.h"
#include "rows/scans.h"

void qk_fill_float_avx512(qk_table *table) {
    fill_floats(table);
    fill_scans(table);
}

#pragma clang attribute pop

#endif
