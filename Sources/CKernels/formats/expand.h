// Weights as floats: one product and, with an offset, one sum each, at every level. After
// formats/kind.h.

// 2^(e - 128): half of the E8M0 scale, because the table of E2M1 values is doubled.
QK_INLINE float qk_e8m0_half(uint8_t e) {
    return qk_float(e >= 2 ? (uint32_t)(e - 1) << 23 : 0x00200000u << e);
}

// Scales, and offsets if there are, of `runs` runs.
QK_INLINE void qk_float_scales(qk_kind kind, const qk_raw_scales *raw, size_t runs, float *scale,
                               float *offset) {
    float d = QK_HALF(raw->d[0]), minimum = -QK_HALF(raw->minimum[0]);
    for (size_t g = 0; g < runs; g++) {
        switch (kind.scales) {
        case QK_SCALES_PAIR:
            offset[g] = QK_HALF(raw->minimum[g]);
            scale[g] = QK_HALF(raw->d[g]);
            break;
        case QK_SCALES_HALF:
            scale[g] = QK_HALF(raw->d[g]);
            break;
        case QK_SCALES_POWER:
            scale[g] = qk_e8m0_half(raw->scale[g]);
            break;
        case QK_SCALES_SIGNED:
            scale[g] = d * (float)(int8_t)raw->scale[g];
            break;
        case QK_SCALES_UNSIGNED:
        case QK_SCALES_NIBBLES:
            scale[g] = d * (float)raw->scale[g];
            offset[g] = minimum * (float)raw->offset[g];
            break;
        }
    }
}

// n weights (a multiple of the format's block, up to QK_CHUNK), and zeros beyond them.
QK_INLINE void qk_expand(const uint8_t *bytes, qk_kind kind, size_t n, float *out) {
    _Alignas(64) uint8_t u[QK_CHUNK];
    _Alignas(64) float scale[16], offset[16];
    qk_raw_scales raw = {0};
    size_t group = kind.halves ? 16 : 32;
    kind.integers(bytes, n / 32, u);
    kind.raw(bytes, n / 32, &raw);
    qk_float_scales(kind, &raw, n / group, scale, offset);
    int bias = qk_has_offset(kind) ? 0 : 1 << kind.shift;
    for (size_t i = 0; kind.table != NULL && i < n; i++) {
        u[i] = (uint8_t)(kind.table[u[i]] + bias);
    }
    for (size_t g = 0; g < n / group; g++) {
        for (size_t i = g * group; i < (g + 1) * group; i++) {
            float product = scale[g] * (float)((int)u[i] - bias);
            out[i] = qk_has_offset(kind) ? product + offset[g] : product;
        }
    }
    memset(out + n, 0, (QK_CHUNK - n) * sizeof *out);
}
