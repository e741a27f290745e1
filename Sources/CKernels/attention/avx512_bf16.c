// The attention of level avx512 on machines that also have its dot product of bf16: the same bits,
// sooner.
#if defined(__x86_64__)
#include "attention/tiles_avx512.h"

#define MULTIPLIES_PAIRS
#include <math.h>
#include <string.h>

#include "vectors/avx512.h"
#include "tables.h"

#pragma clang attribute push(                                                               \
    __attribute__((target(                                                                  \
        "avx512f,avx512bw,avx512dq,avx512vl,avx512vnni,avx512bf16,avx2,fma,f16c"))),        \
    apply_to = function)
#include "attention/body.h"
#include "attention/pairs_hold.h"

void qk_fill_attention_bf16_avx512(qk_table *table) {
    if (pairs_hold()) {
        table->attention = attention;
    }
}

#pragma clang attribute pop

#endif
