// The kernels of every format, from the level's decoders and tiles. Last of the headers.
// A level that has a better decoder for a format defines QK_DECODE_<format> before this.
#include "formats/list.h"

#ifndef QK_DECODE_Q4_0
#define QK_DECODE_Q4_0 qk_decode_q4_0
#endif
#ifndef QK_DECODE_Q4_1
#define QK_DECODE_Q4_1 qk_decode_q4_1
#endif
#ifndef QK_DECODE_Q5_0
#define QK_DECODE_Q5_0 qk_decode_q5_0
#endif
#ifndef QK_DECODE_Q5_1
#define QK_DECODE_Q5_1 qk_decode_q5_1
#endif
#ifndef QK_DECODE_Q8_0
#define QK_DECODE_Q8_0 qk_decode_q8_0
#endif
#ifndef QK_DECODE_Q2_K
#define QK_DECODE_Q2_K qk_decode_q2_K
#endif
#ifndef QK_DECODE_Q3_K
#define QK_DECODE_Q3_K qk_decode_q3_K
#endif
#ifndef QK_DECODE_Q4_K
#define QK_DECODE_Q4_K qk_decode_q4_K
#endif
#ifndef QK_DECODE_Q5_K
#define QK_DECODE_Q5_K qk_decode_q5_K
#endif
#ifndef QK_DECODE_Q6_K
#define QK_DECODE_Q6_K qk_decode_q6_K
#endif
#ifndef QK_DECODE_IQ4_NL
#define QK_DECODE_IQ4_NL qk_decode_iq4_nl
#endif
#ifndef QK_DECODE_IQ4_XS
#define QK_DECODE_IQ4_XS qk_decode_iq4_xs
#endif
#ifndef QK_DECODE_MXFP4
#define QK_DECODE_MXFP4 qk_decode_mxfp4
#endif

#ifndef QK_F16
#define QK_F16 qk_floats_of_halves
QK_INLINE void qk_floats_of_halves(const uint8_t *bytes, size_t n, float *out) {
    for (size_t i = 0; i < n; i++) {
        out[i] = qk_half(bytes + 2 * i);
    }
}
#endif

#ifdef QK_HAS_PRODUCTS
#define QK_PRODUCT(name)                                                                          \
    static void multiply_##name(const qk_product *p) { qk_multiply(p, kind_##name); }
#define QK_PRODUCT_OF(name) multiply_##name
#else
#define QK_PRODUCT(name)
#define QK_PRODUCT_OF(name) NULL
#endif

#define QK_DEFINE(name, NAME, id, bytes, halves, bias, bits, shift, ...)                          \
    static const qk_kind kind_##name = {QK_DECODE_##NAME, bytes, bias, halves, (shift) < 0};      \
    static void expand_##name(const uint8_t *row, size_t c, size_t n, float *out) {               \
        qk_expand(row + c * kind_##name.chunk_bytes, kind_##name, n, out);                        \
    }                                                                                             \
    static void dequantize_##name(const uint8_t *row, float *out, size_t columns) {               \
        qk_dequantize(row, out, columns, expand_##name);                                          \
    }                                                                                             \
    QK_PRODUCT(name)                                                                              \
    static void multiply_float_##name(const qk_product *p) {                                      \
        qk_multiply_float(p, expand_##name);                                                      \
    }
QK_EACH_FORMAT(QK_DEFINE)
#undef QK_DEFINE

static void expand_f32(const uint8_t *row, size_t c, size_t n, float *out) {
    memcpy(out, row + c * QK_CHUNK * 4, n * 4);
    memset(out + n, 0, (QK_CHUNK - n) * sizeof *out);
}

static void expand_f16(const uint8_t *row, size_t c, size_t n, float *out) {
    QK_F16(row + c * QK_CHUNK * 2, n, out);
    memset(out + n, 0, (QK_CHUNK - n) * sizeof *out);
}

static void expand_bf16(const uint8_t *row, size_t c, size_t n, float *out) {
    const uint8_t *bytes = row + c * QK_CHUNK * 2;
    for (size_t i = 0; i < n; i++) {
        out[i] = qk_float((uint32_t)qk_u16(bytes + 2 * i) << 16);
    }
    memset(out + n, 0, (QK_CHUNK - n) * sizeof *out);
}

#define QK_DEFINE(name)                                                                           \
    static void dequantize_##name(const uint8_t *row, float *out, size_t columns) {               \
        qk_dequantize(row, out, columns, expand_##name);                                          \
    }                                                                                             \
    static void multiply_float_##name(const qk_product *p) {                                      \
        qk_multiply_float(p, expand_##name);                                                      \
    }

QK_DEFINE(f32)
QK_DEFINE(f16)
QK_DEFINE(bf16)
#undef QK_DEFINE

static void qk_fill_formats(qk_table *table) {
#define QK_ENTRY(name, NAME, id, ...)                                                             \
    table->formats[id] =                                                                          \
        (qk_format){dequantize_##name, QK_PRODUCT_OF(name), multiply_float_##name};
#define QK_FLOAT_ENTRY(id, name)                                                                  \
    table->formats[id] = (qk_format){dequantize_##name, NULL, multiply_float_##name}
    QK_FLOAT_ENTRY(0, f32);
    QK_FLOAT_ENTRY(1, f16);
    QK_FLOAT_ENTRY(30, bf16);
    QK_EACH_FORMAT(QK_ENTRY)
#undef QK_ENTRY
#undef QK_FLOAT_ENTRY
    table->quantize = qk_quantize;
}
