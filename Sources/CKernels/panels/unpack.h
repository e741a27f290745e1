// Unpacking a run of a panel in plain C, to memory. See panels/layout.h.

// A run of a panel: 64 bytes a group of four columns, weights without their bias. Where the
// format's own runs are of 16 columns, scale and offset have an entry for each of the two.
typedef struct qk_unpacked {
    _Alignas(64) int8_t groups[8 * 64];
    _Alignas(64) float scale[2][16], offset[2][16];
} qk_unpacked;

// The integers of the 64 bytes of group k.
QK_INLINE void qk_group(qk_kind kind, const uint8_t *first, size_t k, int8_t *group) {
    const uint8_t *second = first + qk_second_plane(kind);
    const uint8_t *fours = first + 64 * (k / 2), *twos = first + 64 * (k / 4);
    const uint8_t *upper = second + 64 * (k / 4);
    int bias = qk_has_offset(kind) || kind.table != NULL ? 0 : 1 << kind.shift;
    for (size_t i = 0; i < 64; i++) {
        int u = 0;
        if (kind.bits == 8) {
            u = first[64 * k + i];
        }
        if (kind.bits & 4) {
            u = (fours[i] >> (4 * (k % 2))) & 15;
        }
        if (kind.bits == 2 || kind.bits == 3) {
            u = (twos[i] >> (2 * (k % 4))) & 3;
        }
        if (kind.bits == 6) {
            u |= ((upper[i] >> (2 * (k % 4))) & 3) << 4;
        }
        if (kind.bits == 5 || kind.bits == 3) {
            u |= ((second[i] >> k) & 1) << (kind.bits - 1);
        }
        group[i] = kind.table != NULL ? kind.table[u] : (int8_t)(u - bias);
    }
}

// The scales and offsets of 16 rows; `run` counts runs of 32 or 16 in the unit.
QK_INLINE void qk_run_scales(qk_kind kind, const uint8_t *s, size_t run, float *scale,
                             float *offset) {
    size_t runs = qk_unit_columns(kind) / (kind.halves ? 16 : 32);
    const uint8_t *bytes = s + 64 + 16 * run;
    for (size_t row = 0; row < 16; row++) {
        float d = QK_HALF(qk_u16(s + 2 * row)), minimum = -QK_HALF(qk_u16(s + 32 + 2 * row));
        switch (kind.scales) {
        case QK_SCALES_HALF:
            scale[row] = QK_HALF(qk_u16(s + 32 * run + 2 * row));
            break;
        case QK_SCALES_PAIR:
            scale[row] = QK_HALF(qk_u16(s + 64 * run + 2 * row));
            offset[row] = QK_HALF(qk_u16(s + 64 * run + 32 + 2 * row));
            break;
        case QK_SCALES_POWER:
            scale[row] = qk_e8m0_half(s[16 * run + row]);
            break;
        case QK_SCALES_SIGNED:
            scale[row] = d * (float)(int8_t)bytes[row];
            break;
        case QK_SCALES_UNSIGNED:
            scale[row] = d * (float)bytes[row];
            offset[row] = minimum * (float)bytes[16 * runs + row];
            break;
        case QK_SCALES_NIBBLES:
            scale[row] = d * (float)(bytes[row] & 15);
            offset[row] = minimum * (float)(bytes[row] >> 4);
            break;
        }
    }
}

QK_INLINE void qk_unpack_run(qk_kind kind, const uint8_t *panel, size_t block, qk_unpacked *w) {
    size_t runs = qk_unit_columns(kind) / 32, b = block % runs, parts = kind.halves ? 2 : 1;
    const uint8_t *unit = panel + block / runs * qk_unit_bytes(kind);
    for (size_t k = 0; k < 8; k++) {
        qk_group(kind, qk_planes(kind, unit, b), k, w->groups + 64 * k);
    }
    for (size_t i = 0; i < parts; i++) {
        qk_run_scales(kind, unit, parts * b + i, w->scale[i], w->offset[i]);
    }
}
