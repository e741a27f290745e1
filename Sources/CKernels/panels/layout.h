// What panels look like, and their sizes. See CKernelsPanels.h; after formats/kind.h.
//
// A weight is scale * (u - bias), or scale * u + offset, with u an unsigned integer of 2 to 8 bits.
// Four columns of the 16 rows are a group: 64 bytes when unpacked. A unit is its scales and then
// its runs of 32 columns, so that one row's products read the lines of a panel in their order.

QK_INLINE size_t qk_unit_columns(qk_kind kind) { return qk_is_wide(kind) ? 256 : 64; }

// The bytes of a run's integers: its planes of 4, 2 and 1 bits, lowest bits first.
QK_INLINE size_t qk_run_bytes(qk_kind kind) { return 64 * (size_t)kind.bits; }

// Of a unit: what qk_scales says for each of the 16 rows, one row's after the other's.
QK_INLINE size_t qk_scale_bytes(qk_kind kind) {
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

QK_INLINE size_t qk_unit_bytes(qk_kind kind) {
    return qk_scale_bytes(kind) + qk_unit_columns(kind) / 32 * qk_run_bytes(kind);
}

// Where the planes of run `b` of a unit begin, and those after the first.
QK_INLINE const uint8_t *qk_planes(qk_kind kind, const uint8_t *unit, size_t b) {
    return unit + qk_scale_bytes(kind) + b * qk_run_bytes(kind);
}
QK_INLINE size_t qk_second_plane(qk_kind kind) { return kind.bits & 4 ? 256 : 128; }
