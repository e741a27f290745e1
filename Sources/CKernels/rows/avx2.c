#if defined(__x86_64__)
#include <math.h>
#include <string.h>

#include "vectors/avx2.h"
#include "tables.h"

#pragma clang attribute push(__attribute__((target("avx2,fma,f16c"))), apply_to = function)
#include "rows/body.h"
#include "rows/scans.h"

void qk_fill_float_avx2(qk_table *table) {
    fill_floats(table);
    fill_scans(table);
}

#pragma clang attribute pop

#endif
