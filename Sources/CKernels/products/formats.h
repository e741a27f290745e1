// The kernels of every format. Last of the headers.

#define QK_EXPAND(name, ...)                                                                      \
    static void expand_##name(const uint8_t *row, size_t c, size_t n, float *out) {               \
        qk_expand(row + c * kind_##name.chunk_bytes, kind_##name, n, out);                        \
    }
QK_EACH_FORMAT(QK_EXPAND)
#undef QK_EXPAND

static void expand_f32(const uint8_t *row, size_t c, size_t n, float *out) {
    memcpy(out, row + c * QK_CHUNK * 4, n * 4);
    memset(out + n, 0, (QK_CHUNK - n) * sizeof *out);
}

// Floats of 16 bits at any address; the end of a row by way of a copy that is padded with zeros.
#define QK_EXPAND(name, load)                                                                     \
    static void expand_##name(const uint8_t *row, size_t c, size_t n, float *out) {               \
        uint16_t copy[QK_CHUNK];                                                                  \
        const void *from = row + c * QK_CHUNK * 2;                                                \
        if (n < QK_CHUNK || LANES == 1) {                                                         \
            memset(copy, 0, sizeof copy);                                                         \
            from = memcpy(copy, from, n * 2);                                                     \
        }                                                                                         \
        for (size_t i = 0; i < QK_CHUNK; i += LANES) {                                            \
            v_store(out + i, load((const uint16_t *)from + i));                                   \
        }                                                                                         \
    }
QK_EXPAND(f16, v_load_f16)
QK_EXPAND(bf16, v_load_bf16)
#undef QK_EXPAND

#define QK_DEFINE(name, ...)                                                                      \
    static void dequantize_##name(const uint8_t *row, float *out, size_t columns) {               \
        qk_dequantize(row, out, columns, expand_##name);                                          \
    }                                                                                             \
    static void multiply_float_##name(const qk_product *p) {                                      \
        qk_multiply_float(p, expand_##name);                                                      \
    }
QK_EACH_FORMAT(QK_DEFINE)
QK_EACH_FLOAT_FORMAT(QK_DEFINE)
#undef QK_DEFINE

static void qk_fill_formats(qk_table *table) {
#define QK_ENTRY(name, id, ...)                                                                   \
    table->formats[id] = (qk_format){dequantize_##name, multiply_float_##name};
    QK_EACH_FORMAT(QK_ENTRY)
    QK_EACH_FLOAT_FORMAT(QK_ENTRY)
#undef QK_ENTRY
}
