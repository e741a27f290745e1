// The rounding of activations with AVX-512.
#if defined(__x86_64__)
#include <immintrin.h>

#include "tables.h"

#pragma clang attribute push(                                                                     \
    __attribute__((target("avx512f,avx512bw,avx512vl,avx512dq,avx2,fma,f16c"))),                  \
    apply_to = function)
#include "activations/round_chunk_avx512.h"
#include "activations/quantize.h"

void qk_fill_activations_avx512(qk_table *table) { table->quantize = qk_quantize; }
#pragma clang attribute pop
#endif
