// The panels of every format: packing and products. Last of the headers; before it a level defines
//   QK_ADD_PARTS(name) a function add_name that adds parts with kind_name; see qk_part_kernel

#define QK_PANEL(name, ...)                                                                       \
    static void pack_##name(const uint8_t *weights, size_t row_bytes, size_t rows,                \
                            size_t columns, uint8_t *panel) {                                     \
        qk_pack_panel(kind_##name, weights, row_bytes, rows, columns, panel);                     \
    }                                                                                             \
    QK_ADD_PARTS(name)                                                                            \
    static void multiply_##name(const qk_panel_product *p) { qk_multiply_panels(p, add_##name); }
QK_EACH_FORMAT(QK_PANEL)
#undef QK_PANEL

static void qk_fill_panels(qk_table *table) {
#define QK_ENTRY(name, id, ...)                                                                   \
    table->panels[id] = (qk_panel_format){                                                        \
        qk_unit_columns(kind_##name), qk_unit_bytes(kind_##name), pack_##name, multiply_##name};
    QK_EACH_FORMAT(QK_ENTRY)
#undef QK_ENTRY
}
