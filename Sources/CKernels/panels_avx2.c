// Matrix products over panels with AVX2.
#if defined(__x86_64__)
#include <immintrin.h>

#include "tables.h"

#pragma clang attribute push(__attribute__((target("avx2,fma,f16c"))), apply_to = function)

#define QK_BIASED 1
#define QK_HALF(bits) _cvtsh_ss(bits)
#include "blocks.h"
#include "superblocks.h"
#include "panel_kind.h"
#include "panel_pack.h"
#include "panel_rows.h"
#include "panel_unpack_avx2.h"
#include "panel_run_avx2.h"
#include "panel_part_avx2.h"

#define QK_FAST(name) qk_decode_##name
#define QK_ADD_PARTS(name)                                                                        \
    static void add_##name(const qk_part *t) { qk_add_part(panel_##name, t); }
#include "panel_formats.h"

void qk_fill_panels_avx2(qk_table *table) { qk_fill_panels(table); }

#pragma clang attribute pop
#endif
