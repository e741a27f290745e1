// Matrix products over panels with AVX2: two vectors of 8 outputs.
#if defined(__x86_64__)
#include <immintrin.h>

#include "format_list.h"
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

#define QK_DECODER_fast(name) qk_decode_##name
#define QK_DECODER_indices(name) qk_indices_##name
#define QK_PANEL(name, NAME, id, bytes, halves, bias, bits, shift, scales, decoder, table)        \
    static const qk_panel_kind panel_##name = {                                                   \
        QK_DECODER_##decoder(name), bytes, bits, shift, halves, QK_SCALES_##scales, table};       \
    static void pack_##name(const uint8_t *weights, size_t row_bytes, size_t rows,                \
                            size_t columns, uint8_t *panel) {                                     \
        qk_pack_panel(panel_##name, id, weights, row_bytes, rows, columns, panel);                \
    }                                                                                             \
    static void add_##name(const qk_part *t) { qk_add_part(panel_##name, t); }                    \
    static void multiply_##name(const qk_panel_product *p) { qk_multiply_panels(p, add_##name); }
QK_EACH_FORMAT(QK_PANEL)

void qk_fill_panels_avx2(qk_table *table) {
#define QK_ENTRY(name, NAME, id, ...)                                                             \
    table->panels[id] = (qk_panel_format){qk_unit_columns(panel_##name),                          \
                                          qk_unit_bytes(panel_##name), pack_##name,               \
                                          multiply_##name};
    QK_EACH_FORMAT(QK_ENTRY)
#undef QK_ENTRY
}

#pragma clang attribute pop
#endif
