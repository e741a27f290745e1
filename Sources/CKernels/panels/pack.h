// Repacking of the file's rows into panels. After panels/kind.h and the level's decoders.

// The planes of a run from its groups of unpacked integers.
QK_INLINE void qk_pack_planes(qk_panel_kind kind, const uint8_t *groups, uint8_t *out) {
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

// Copies the scales of a row's unit to their place among those of the other rows.
QK_INLINE void qk_pack_halves(const uint8_t *bytes, size_t step, size_t runs, size_t stride,
                              size_t row, uint8_t *out) {
    for (size_t run = 0; run < runs; run++) {
        memcpy(out + run * stride + 2 * row, bytes + run * step, 2);
    }
}

// The scales of super-blocks as the file has them, before they are multiplied by d.
typedef struct qk_raw_scales {
    uint8_t scale[16];
    uint8_t offset[16];
} qk_raw_scales;

QK_INLINE void qk_raw_q4_K(const uint8_t *bytes, qk_raw_scales *raw) {
    const uint8_t *s = bytes + 4;
    for (size_t j = 0; j < 4; j++) {
        raw->scale[j] = s[j] & 63;
        raw->offset[j] = s[j + 4] & 63;
        raw->scale[j + 4] = (uint8_t)((s[j + 8] & 15) | (s[j] >> 6) << 4);
        raw->offset[j + 4] = (uint8_t)((s[j + 8] >> 4) | (s[j + 4] >> 6) << 4);
    }
}

QK_INLINE void qk_raw_q3_K(const uint8_t *bytes, qk_raw_scales *raw) {
    const uint8_t *s = bytes + 96;
    for (size_t run = 0; run < 16; run++) {
        int low = run < 8 ? s[run] & 15 : s[run - 8] >> 4;
        int high = (s[8 + run % 4] >> (2 * (run / 4))) & 3;
        raw->scale[run] = (uint8_t)((low | high << 4) - 32);
    }
}

QK_INLINE void qk_raw_iq4_xs(const uint8_t *bytes, qk_raw_scales *raw) {
    uint16_t high = qk_u16(bytes + 2);
    for (size_t b = 0; b < 8; b++) {
        int low = (bytes[4 + b / 2] >> (4 * (b % 2))) & 15;
        raw->scale[b] = (uint8_t)((low | ((high >> (2 * b)) & 3) << 4) - 32);
    }
}

// The scales of one row's super-block: its halves, then bytes by run and row.
QK_INLINE void qk_pack_raw(qk_panel_kind kind, const uint8_t *d, const uint8_t *minimum,
                           const qk_raw_scales *raw, size_t row, uint8_t *out) {
    size_t runs = kind.halves ? 16 : 8;
    memcpy(out + 2 * row, d, 2);
    if (minimum != NULL) {
        memcpy(out + 32 + 2 * row, minimum, 2);
    }
    out += 64;
    for (size_t run = 0; run < runs; run++) {
        if (kind.scales == QK_SCALES_NIBBLES) {
            out[run * 16 + row] = (uint8_t)(raw->scale[run] | raw->offset[run] << 4);
        } else {
            out[run * 16 + row] = raw->scale[run];
            if (kind.scales == QK_SCALES_UNSIGNED) {
                out[(runs + run) * 16 + row] = raw->offset[run];
            }
        }
    }
}

// Indices into the table of a format, not its entries: 16 bytes of nibbles a run.
QK_INLINE void qk_indices(const uint8_t *bytes, size_t step, size_t blocks, qk_chunk *chunk) {
    for (size_t b = 0; b < blocks; b++) {
        for (size_t j = 0; j < 16; j++) {
            chunk->q[32 * b + j] = bytes[b * step + j] & 15;
            chunk->q[32 * b + j + 16] = bytes[b * step + j] >> 4;
        }
    }
}
static void qk_indices_iq4_nl(const uint8_t *restrict bytes, size_t blocks,
                              qk_chunk *restrict chunk) {
    qk_indices(bytes + 2, 18, blocks, chunk);
}
static void qk_indices_mxfp4(const uint8_t *restrict bytes, size_t blocks,
                             qk_chunk *restrict chunk) {
    qk_indices(bytes + 1, 17, blocks, chunk);
}
static void qk_indices_iq4_xs(const uint8_t *restrict bytes, size_t blocks,
                              qk_chunk *restrict chunk) {
    qk_indices(bytes + 8, 16, blocks, chunk);
}

// bytes: the first of `blocks` blocks of 32 weights, or the super-block.
QK_INLINE void qk_pack_scales(qk_panel_kind kind, uint32_t id, const uint8_t *bytes, size_t blocks,
                              size_t row, uint8_t *out) {
    size_t step = kind.chunk_bytes / 8;
    qk_raw_scales raw;
    switch (id) {
    case 10:
        for (size_t run = 0; run < 16; run++) {
            raw.scale[run] = bytes[run] & 15;
            raw.offset[run] = bytes[run] >> 4;
        }
        qk_pack_raw(kind, bytes + 80, bytes + 82, &raw, row, out);
        break;
    case 11:
        qk_raw_q3_K(bytes, &raw);
        qk_pack_raw(kind, bytes + 108, NULL, &raw, row, out);
        break;
    case 12:
    case 13:
        qk_raw_q4_K(bytes, &raw);
        qk_pack_raw(kind, bytes, bytes + 2, &raw, row, out);
        break;
    case 14:
        memcpy(raw.scale, bytes + 192, 16);
        qk_pack_raw(kind, bytes + 208, NULL, &raw, row, out);
        break;
    case 23:
        qk_raw_iq4_xs(bytes, &raw);
        qk_pack_raw(kind, bytes, NULL, &raw, row, out);
        break;
    case 39:
        for (size_t run = 0; run < blocks; run++) {
            out[run * 16 + row] = bytes[run * step];
        }
        break;
    default:
        qk_pack_halves(bytes, step, blocks, kind.scales == QK_SCALES_PAIR ? 64 : 32, row, out);
        if (kind.scales == QK_SCALES_PAIR) {
            qk_pack_halves(bytes + 2, step, blocks, 64, row, out + 32);
        }
    }
}

// One panel. A chunk of 256 columns of all rows at a time.
QK_INLINE void qk_pack_panel(qk_panel_kind kind, uint32_t id, const uint8_t *weights,
                             size_t row_bytes, size_t rows, size_t columns, uint8_t *panel) {
    _Alignas(64) uint8_t groups[64 * 64];
    size_t unit = qk_unit_columns(kind), step = kind.chunk_bytes / 8;
    for (size_t c = 0; c * 256 < columns; c++) {
        size_t rest = columns - c * 256, blocks = (rest < 256 ? rest : 256) / 32;
        const uint8_t *start = weights + c * kind.chunk_bytes;
        memset(groups, 0, sizeof groups);
        for (size_t row = 0; row < rows; row++) {
            qk_chunk chunk;
            kind.decode(start + row * row_bytes, blocks, &chunk);
            for (size_t g = 0; g < blocks * 8; g++) {
                memcpy(groups + g * 64 + row * 4, chunk.q + g * 4, 4);
            }
        }
        for (size_t u = 0; u * unit / 32 < blocks; u++) {
            size_t first = u * unit / 32, count = blocks - first;
            count = count < unit / 32 ? count : unit / 32;
            memset(panel, 0, qk_scale_bytes(kind));
            for (size_t row = 0; row < rows; row++) {
                qk_pack_scales(kind, id, start + row * row_bytes + first * step, count, row,
                               panel);
            }
            panel += qk_scale_bytes(kind);
            for (size_t run = first; run < first + unit / 32; run++) {
                qk_pack_planes(kind, groups + run * 512, panel);
                panel += qk_run_bytes(kind);
            }
        }
    }
}
