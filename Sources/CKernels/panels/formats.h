// The panels of every format: packing and products. Last of the headers; before it a level defines
//   QK_FAST(name)      its own decoder of a format
//   QK_ADD_PARTS(name) a function add_name that adds parts with panel_name; see qk_part_kernel
#include "formats/list.h"

#define QK_DECODER_fast(name) QK_FAST(name)
#define QK_DECODER_indices(name) qk_indices_##name
#define QK_PANEL(name, NAME, id, bytes, halves, bias, bits, shift, scales, decoder, table)        \
    static const qk_panel_kind panel_##name = {                                                   \
        QK_DECODER_##decoder(name), bytes, bits, shift, halves, QK_SCALES_##scales, table};       \
    static void pack_##name(const uint8_t *weights, size_t row_bytes, size_t rows,                \
                            size_t columns, uint8_t *panel) {                                     \
        qk_pack_panel(panel_##name, id, weights, row_bytes, rows, columns, panel);                \
    }                                                                                             \
    QK_ADD_PARTS(name)                                                                            \
    static void multiply_##name(const qk_panel_product *p) { qk_multiply_panels(p, add_##name); }
QK_EACH_FORMAT(QK_PANEL)

static void qk_fill_panels(qk_table *table) {
#define QK_ENTRY(name, NAME, id, ...)                                                             \
    table->panels[id] = (qk_panel_format){qk_unit_columns(panel_##name),                          \
                                          qk_unit_bytes(panel_##name), pack_##name,               \
                                          multiply_##name};
    QK_EACH_FORMAT(QK_ENTRY)
#undef QK_ENTRY
}
