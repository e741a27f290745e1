#if defined(__x86_64__)
#include <math.h>
#include <string.h>

#include "vectors/avx2.h"
#include "tables.h"

#pragma clang attribute push(__attribute__((target("avx2,fma,f16c"))), apply_to = function)
#include "baseline/body.h"

void qk_fill_baselines_avx2(qk_table *table) { fill_baselines(table); }

#pragma clang attribute pop

#endif
