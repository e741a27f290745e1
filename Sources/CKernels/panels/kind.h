// What panels look like, and their sizes. See CKernelsPanels.h; after formats/blocks.h.
//
// A weight is scale * (u - bias), or scale * u + offset, with u an unsigned integer of 2 to 8 bits.
// Four columns of the 16 rows are a group: 64 bytes when unpacked. A unit is its scales and then
// its runs of 32 columns, so that one row's products read the lines of a panel in their order.

// How scales are stored, per unit.
typedef enum qk_scales {
    QK_SCALES_HALF,      // a half per run of 32 and row
    QK_SCALES_PAIR,      // and a half for the offset
    QK_SCALES_POWER,     // a power of two (E8M0) per run of 32 and row
    QK_SCALES_SIGNED,    // a half per row, a signed byte per run and row
    QK_SCALES_UNSIGNED,  // two halves per row, two bytes per run and row
    QK_SCALES_NIBBLES,   // two halves per row, two nibbles per run and row
} qk_scales;

// What the panels of a format look like. Always a constant once inlined.
typedef struct qk_panel_kind {
    qk_decoder *decode;  // of the file's blocks
    size_t chunk_bytes;  // of 256 weights in the file
    int bits;            // of u as it is stored
    int shift;           // the bias is 1 << shift; below zero: none, there is an offset instead
    bool halves;         // runs of 16 columns, not 32
    qk_scales scales;
    const int8_t *table;  // u is an index of this table of 16, biased by 128; null: it is not
} qk_panel_kind;

QK_INLINE bool qk_is_wide(qk_panel_kind kind) { return kind.scales >= QK_SCALES_SIGNED; }
QK_INLINE bool qk_has_offset(qk_panel_kind kind) { return kind.shift < 0; }
QK_INLINE size_t qk_unit_columns(qk_panel_kind kind) { return qk_is_wide(kind) ? 256 : 64; }

// The bytes of a run's integers: its planes of 4, 2 and 1 bits, lowest bits first.
QK_INLINE size_t qk_run_bytes(qk_panel_kind kind) { return 64 * (size_t)kind.bits; }

QK_INLINE size_t qk_scale_bytes(qk_panel_kind kind) {
    size_t runs = qk_unit_columns(kind) / (kind.halves ? 16 : 32);
    switch (kind.scales) {
    case QK_SCALES_HALF: return runs * 32;
    case QK_SCALES_PAIR: return runs * 64;
    case QK_SCALES_POWER: return 64;  // 32, and as many unused
    case QK_SCALES_SIGNED: return 64 + runs * 16;  // 32 unused
    case QK_SCALES_UNSIGNED: return 64 + runs * 32;
    case QK_SCALES_NIBBLES: return 64 + runs * 16;
    }
}

QK_INLINE size_t qk_unit_bytes(qk_panel_kind kind) {
    return qk_scale_bytes(kind) + qk_unit_columns(kind) / 32 * qk_run_bytes(kind);
}
