// Matrix products with float activations with AVX-512.
#if defined(__x86_64__)
#include "vectors/avx512.h"
#include "tables.h"

#pragma clang attribute push(                                                                     \
    __attribute__((target("avx512f,avx512bw,avx512vl,avx512dq,avx2,fma,f16c"))),                  \
    apply_to = function)
#define QK_HALF(bits) _cvtsh_ss(bits)
#include "formats/all.h"

enum { QK_FLOAT_ROWS = 4 };  // whose sums fit in registers beside weights
#include "products/sums.h"
#include "products/columns.h"
#include "products/walk.h"
#include "products/formats.h"

void qk_fill_products_avx512(qk_table *table) { qk_fill_formats(table); }
#pragma clang attribute pop
#endif
