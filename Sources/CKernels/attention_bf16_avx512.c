// The attention of level avx512 on machines that also have its dot product of bf16.
#if defined(__x86_64__)
#define INT8_ROWS 7
#define SOFTEN_ROWS 2
#define INT8_VECTORS 2
#define INT8_KEYS 2
#define PAGE_ROWS (1 << 20)
#define SCORE_ROWS 7
#define SCORE_VECTORS 4
#define WEIGH_ROWS 7
#define WEIGH_VECTORS 4
#define MULTIPLIES_PAIRS
#include <math.h>
#include <string.h>

#include "vector_avx512.h"
#include "tables.h"

#pragma clang attribute push(                                                               \
    __attribute__((target(                                                                  \
        "avx512f,avx512bw,avx512dq,avx512vl,avx512vnni,avx512bf16,avx2,fma,f16c"))),        \
    apply_to = function)
#include "attention_body.h"

void qk_fill_attention_bf16_avx512(qk_table *table) { table->attention = attention; }

#pragma clang attribute pop

#endif
