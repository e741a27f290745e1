// Matrix products over panels with AVX-512 and VNNI: 16 outputs are the lanes of a vector.
#if defined(__x86_64__)
#include <immintrin.h>

#include "tables.h"

#pragma clang attribute push(                                                                     \
    __attribute__((target("avx512f,avx512bw,avx512vl,avx512dq,avx512vnni,avx2,fma,f16c"))),       \
    apply_to = function)

#define QK_HALF(bits) _cvtsh_ss(bits)
#include "formats/all.h"
#include "panels/layout.h"
#include "panels/pack.h"
#include "panels/rows.h"
#include "panels/unpack_avx512.h"
#include "panels/run_avx512.h"
#include "panels/part_avx512.h"

#define QK_EACH_HEIGHT(F, name)                                                                   \
    F(name, 1) F(name, 2) F(name, 3) F(name, 4) F(name, 5) F(name, 6) F(name, 7) F(name, 8)       \
    F(name, 9) F(name, 10) F(name, 11)
#define QK_PART(name, R)                                                                          \
    static void part_##name##_##R(const qk_part *t) { qk_add_part(kind_##name, t, R); }
#define QK_NAME_OF_PART(name, R) part_##name##_##R,
#define QK_ADD_PARTS(name)                                                                        \
    QK_EACH_HEIGHT(QK_PART, name)                                                                 \
    static void add_##name(const qk_part *t) {                                                    \
        static qk_part_kernel *const kernels[] = {QK_EACH_HEIGHT(QK_NAME_OF_PART, name)};         \
        _Static_assert(sizeof kernels / sizeof *kernels == QK_TILE_ROWS, "a kernel per height");  \
        kernels[t->rows - 1](t);                                                                  \
    }
#include "panels/formats.h"

void qk_fill_panels_avx512(qk_table *table) { qk_fill_panels(table); }

#pragma clang attribute pop
#endif
