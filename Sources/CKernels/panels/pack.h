// Repacking of the file's rows into panels. After panels/layout.h.

// The planes of a run from its groups of unpacked integers.
QK_INLINE void qk_pack_planes(qk_kind kind, const uint8_t *groups, uint8_t *out) {
    int low = 0;
    for (int width = 8; width > 0; width /= 2) {
        if ((kind.bits & width) == 0) {
            continue;
        }
        size_t share = 8 / (size_t)width;  // groups in 64 bytes
        for (size_t g = 0; g < 8; g += share, out += 64) {
            for (size_t i = 0; i < 64; i++) {
                unsigned byte = 0;
                for (size_t j = 0; j < share; j++) {
                    unsigned u = groups[(g + j) * 64 + i];
                    byte |= ((u >> low) & ((1u << width) - 1)) << (j * (size_t)width);
                }
                out[i] = (uint8_t)byte;
            }
        }
        low += width;
    }
}

// A half of row `row` among those of 16 rows.
QK_INLINE void qk_put_half(uint8_t *rows, size_t row, uint16_t half) {
    memcpy(rows + 2 * row, &half, sizeof half);
}

// The scales of one row in a unit: `blocks` runs of 32 from `first` on.
QK_INLINE void qk_pack_scales(qk_kind kind, const qk_raw_scales *raw, size_t first, size_t blocks,
                              size_t row, uint8_t *out) {
    size_t runs = qk_unit_columns(kind) / (kind.halves ? 16 : 32);
    uint8_t *bytes = out + 64 + row;
    if (qk_is_wide(kind)) {
        qk_put_half(out, row, raw->d[0]);
        if (qk_has_offset(kind)) {
            qk_put_half(out + 32, row, raw->minimum[0]);
        }
    }
    for (size_t run = 0; run < (qk_is_wide(kind) ? runs : blocks); run++) {
        switch (kind.scales) {
        case QK_SCALES_HALF:
            qk_put_half(out + 32 * run, row, raw->d[first + run]);
            break;
        case QK_SCALES_PAIR:
            qk_put_half(out + 64 * run, row, raw->d[first + run]);
            qk_put_half(out + 64 * run + 32, row, raw->minimum[first + run]);
            break;
        case QK_SCALES_POWER:
            out[16 * run + row] = raw->scale[first + run];
            break;
        case QK_SCALES_SIGNED:
            bytes[16 * run] = raw->scale[run];
            break;
        case QK_SCALES_UNSIGNED:
            bytes[16 * run] = raw->scale[run];
            bytes[16 * (runs + run)] = raw->offset[run];
            break;
        case QK_SCALES_NIBBLES:
            bytes[16 * run] = (uint8_t)(raw->scale[run] | raw->offset[run] << 4);
            break;
        }
    }
}

// One panel. A chunk of 256 columns of all rows at a time.
QK_INLINE void qk_pack_panel(qk_kind kind, const uint8_t *weights, size_t row_bytes, size_t rows,
                             size_t columns, uint8_t *panel) {
    _Alignas(64) uint8_t groups[64 * 64];
    qk_raw_scales raw[16];
    size_t unit = qk_unit_columns(kind) / 32;
    for (size_t c = 0; c * 256 < columns; c++) {
        size_t rest = columns - c * 256, blocks = (rest < 256 ? rest : 256) / 32;
        memset(groups, 0, sizeof groups);
        for (size_t row = 0; row < rows; row++) {
            const uint8_t *bytes = weights + row * row_bytes + c * kind.chunk_bytes;
            _Alignas(64) uint8_t u[256];
            kind.integers(bytes, blocks, u);
            kind.raw(bytes, blocks, &raw[row]);
            for (size_t g = 0; g < blocks * 8; g++) {
                memcpy(groups + g * 64 + row * 4, u + g * 4, 4);
            }
        }
        for (size_t first = 0; first < blocks; first += unit) {
            size_t count = blocks - first < unit ? blocks - first : unit;
            memset(panel, 0, qk_scale_bytes(kind));
            for (size_t row = 0; row < rows; row++) {
                qk_pack_scales(kind, &raw[row], first, count, row, panel);
            }
            panel += qk_scale_bytes(kind);
            for (size_t run = first; run < first + unit; run++) {
                qk_pack_planes(kind, groups + run * 512, panel);
                panel += qk_run_bytes(kind);
            }
        }
    }
}
