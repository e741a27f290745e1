// The rounding of activations with AVX2.
#if defined(__x86_64__)
#include <immintrin.h>

#include "tables.h"

#pragma clang attribute push(__attribute__((target("avx2,fma,f16c"))), apply_to = function)
#include "activations/round_block_avx2.h"
#include "activations/round_chunk.h"
#include "activations/quantize.h"

void qk_fill_activations_avx2(qk_table *table) { table->quantize = qk_quantize; }
#pragma clang attribute pop
#endif
