// Matrix products over panels with AVX-512 and VNNI: 16 outputs are the lanes of a vector.
//
// An output's sum over a run of columns is an integer; runs are added as floats in the order of
// their columns, the offset's part of a run after the run. What the refined ones of 32 runs add is
// a sum of its own, added after them. The order is the same for all tiles, so an element's bits
// depend on its weights and activations only.
#if defined(__x86_64__)
#include <immintrin.h>

#include "tables.h"

#pragma clang attribute push(                                                                     \
    __attribute__((target("avx512f,avx512bw,avx512vl,avx512dq,avx512vnni,avx2,fma,f16c"))),       \
    apply_to = function)

#define QK_BIASED 1
#define QK_HALF(bits) _cvtsh_ss(bits)
#include "blocks.h"
#include "superblocks.h"
#include "decode_avx512.h"
#include "panel_kind.h"
#include "panel_pack.h"
#include "panel_unpack_avx512.h"
#include "panel_run_avx512.h"
#include "panel_rows_avx512.h"

#define QK_PART(name, R)                                                                          \
    static void part_##name##_##R(const qk_part *t) { qk_add_part(panel_##name, t, R); }
#define QK_PANEL(name, id, decoder, bytes, bits, shift, halves, scales, table)                    \
    static const qk_panel_kind panel_##name = {decoder, bytes, bits, shift, halves, scales,       \
                                               table};                                            \
    static void pack_##name(const uint8_t *weights, size_t row_bytes, size_t rows,                \
                            size_t columns, uint8_t *panel) {                                     \
        qk_pack_panel(panel_##name, id, weights, row_bytes, rows, columns, panel);                \
    }                                                                                             \
    QK_PART(name, 1)                                                                              \
    QK_PART(name, 2)                                                                              \
    QK_PART(name, 3)                                                                              \
    QK_PART(name, 4)                                                                              \
    QK_PART(name, 5)                                                                              \
    QK_PART(name, 6)                                                                              \
    QK_PART(name, 7)                                                                              \
    QK_PART(name, 8)                                                                              \
    QK_PART(name, 9)                                                                              \
    QK_PART(name, 10)                                                                             \
    QK_PART(name, 11)                                                                             \
    static void multiply_##name(const qk_panel_product *p) {                                      \
        static qk_part_kernel *const kernels[QK_TILE_ROWS] = {                                    \
            part_##name##_1, part_##name##_2, part_##name##_3, part_##name##_4,                   \
            part_##name##_5, part_##name##_6, part_##name##_7, part_##name##_8,                   \
            part_##name##_9, part_##name##_10, part_##name##_11};                                 \
        qk_multiply_panels(p, qk_ahead(panel_##name), kernels);                                   \
    }

QK_PANEL(q4_0, 2, qk_fast_q4_0, 144, 4, 3, false, QK_SCALES_HALF, NULL)
QK_PANEL(q4_1, 3, qk_fast_q4_1, 160, 4, -1, false, QK_SCALES_PAIR, NULL)
QK_PANEL(q5_0, 6, qk_fast_q5_0, 176, 5, 4, false, QK_SCALES_HALF, NULL)
QK_PANEL(q5_1, 7, qk_fast_q5_1, 192, 5, -1, false, QK_SCALES_PAIR, NULL)
QK_PANEL(q8_0, 8, qk_fast_q8_0, 272, 8, 7, false, QK_SCALES_HALF, NULL)
QK_PANEL(q2_K, 10, qk_fast_q2_K, 84, 2, -1, true, QK_SCALES_NIBBLES, NULL)
QK_PANEL(q3_K, 11, qk_fast_q3_K, 110, 3, 2, true, QK_SCALES_SIGNED, NULL)
QK_PANEL(q4_K, 12, qk_fast_q4_K, 144, 4, -1, false, QK_SCALES_UNSIGNED, NULL)
QK_PANEL(q5_K, 13, qk_fast_q5_K, 176, 5, -1, false, QK_SCALES_UNSIGNED, NULL)
QK_PANEL(q6_K, 14, qk_fast_q6_K, 210, 6, 5, true, QK_SCALES_SIGNED, NULL)
QK_PANEL(iq4_nl, 20, qk_indices_iq4_nl, 144, 4, 7, false, QK_SCALES_HALF, qk_iq4_values)
QK_PANEL(iq4_xs, 23, qk_indices_iq4_xs, 136, 4, 7, false, QK_SCALES_SIGNED, qk_iq4_values)
QK_PANEL(mxfp4, 39, qk_indices_mxfp4, 136, 4, 7, false, QK_SCALES_POWER, qk_e2m1_values)

void qk_fill_panels_avx512(qk_table *table) {
#define QK_ENTRY(id, name)                                                                        \
    table->panels[id] = (qk_panel_format){qk_unit_columns(panel_##name),                          \
                                          qk_unit_bytes(panel_##name), pack_##name,               \
                                          multiply_##name}
    QK_ENTRY(2, q4_0);
    QK_ENTRY(3, q4_1);
    QK_ENTRY(6, q5_0);
    QK_ENTRY(7, q5_1);
    QK_ENTRY(8, q8_0);
    QK_ENTRY(10, q2_K);
    QK_ENTRY(11, q3_K);
    QK_ENTRY(12, q4_K);
    QK_ENTRY(13, q5_K);
    QK_ENTRY(14, q6_K);
    QK_ENTRY(20, iq4_nl);
    QK_ENTRY(23, iq4_xs);
    QK_ENTRY(39, mxfp4);
#undef QK_ENTRY
}

#pragma clang attribute pop
#endif
