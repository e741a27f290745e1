// Matrix products over panels with AVX2.
#if defined(__x86_64__)
#include <immintrin.h>

#include "tables.h"

#pragma clang attribute push(__attribute__((target("avx2,fma,f16c"))), apply_to = function)

#define QK_BIASED 1
#define QK_HALF(bits) _cvtsh_ss(bits)
#include "formats/blocks.h"
#include "formats/superblocks.h"
#include "panels/kind.h"
#include "panels/pack.h"
#include "panels/rows.h"
#include "panels/unpack_avx2.h"
#include "panels/run_avx2.h"
#include "panels/part_avx2.h"

#define QK_FAST(name) qk_decode_##name
#define QK_ADD_PARTS(name)                                                                        \
    static void add_##name(const qk_part *t) { qk_add_part(panel_##name, t); }
#include "panels/formats.h"

void qk_fill_panels_avx2(qk_table *table) { qk_fill_panels(table); }

#pragma clang attribute pop
#endif
