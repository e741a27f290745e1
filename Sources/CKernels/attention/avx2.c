// Sixteen registers: twelve sums, two vectors of keys or values, one factor.
#if defined(__x86_64__)
#define INT8_ROWS 1
#define SOFTEN_ROWS 1
#define INT8_VECTORS 2
#define INT8_KEYS 4
#define PAGE_ROWS (1 << 20)
#define SCORE_ROWS 6
#define SCORE_VECTORS 2
#define WEIGH_ROWS 6
#define WEIGH_VECTORS 2
#include <math.h>
#include <string.h>

#include "vectors/avx2.h"
#include "tables.h"

#pragma clang attribute push(__attribute__((target("avx2,fma,f16c"))), apply_to = function)
#include "attention/body.h"

void qk_fill_attention_avx2(qk_table *table) { table->attention = attention; }

#pragma clang attribute pop

#endif
