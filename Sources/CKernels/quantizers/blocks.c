// Formats with a float for each weight or with blocks of 32, and the table of all quantizers.
#include "quantizers/steps.h"

static void quantize_f32(const float *x, uint8_t *out) {
    uint32_t bits = qk_bits(*x);
    for (int byte = 0; byte < 4; byte++) {
        out[byte] = (uint8_t)(bits >> (8 * byte));
    }
}

static void quantize_f16(const float *x, uint8_t *out) { qk_put_half(out, qk_f16_from_f32(*x)); }

static void quantize_bf16(const float *x, uint8_t *out) { qk_put_half(out, qk_bf16_from_f32(*x)); }

static void quantize_q8_0(const float *x, uint8_t *out) {
    float peak = 0;
    for (int i = 0; i < 32; i++) {
        float size = fabsf(x[i]);
        peak = size > peak ? size : peak;
    }
    float step = peak / 127, inverse = qk_inverse(step);
    qk_put_half(out, qk_f16_from_f32(step));
    for (int i = 0; i < 32; i++) {
        out[2 + i] = (uint8_t)(int8_t)qk_step(x[i] * inverse, -127, 127);
    }
}

// 16 bytes of nibbles, and the fifth bits before them if there are any.
static void put_quants(const float *quants, int bits, uint8_t *out) {
    if (bits == 5) {
        uint32_t fifth = 0;
        for (int i = 0; i < 32; i++) {
            fifth |= (uint32_t)((int)quants[i] >> 4) << i;
        }
        for (int byte = 0; byte < 4; byte++) {
            *out++ = (uint8_t)(fifth >> (8 * byte));
        }
    }
    for (int j = 0; j < 16; j++) {
        out[j] = (uint8_t)(((int)quants[j] & 15) | ((int)quants[j + 16] & 15) << 4);
    }
}

// A step of either sign, such that the largest magnitude becomes the lowest integer, of which
// there is one more than above 0.
static void quantize_centred(const float *x, int bits, uint8_t *out) {
    float zero = (float)(1 << (bits - 1)), extreme = 0, quants[32];
    for (int i = 0; i < 32; i++) {
        extreme = fabsf(x[i]) > fabsf(extreme) ? x[i] : extreme;
    }
    float step = extreme / -zero, inverse = qk_inverse(step);
    qk_put_half(out, qk_f16_from_f32(step));
    for (int i = 0; i < 32; i++) {
        quants[i] = qk_step(x[i] * inverse, -zero, zero - 1) + zero;
    }
    put_quants(quants, bits, out + 2);
}

static void quantize_from_minimum(const float *x, int bits, uint8_t *out) {
    float top = (float)((1 << bits) - 1), low = x[0], high = x[0], quants[32];
    for (int i = 1; i < 32; i++) {
        low = x[i] < low ? x[i] : low;
        high = x[i] > high ? x[i] : high;
    }
    float step = (high - low) / top, inverse = qk_inverse(step);
    qk_put_half(out, qk_f16_from_f32(step));
    qk_put_half(out + 2, qk_f16_from_f32(low));
    for (int i = 0; i < 32; i++) {
        quants[i] = qk_step((x[i] - low) * inverse, 0, top);
    }
    put_quants(quants, bits, out + 4);
}

static void quantize_q4_0(const float *x, uint8_t *out) { quantize_centred(x, 4, out); }
static void quantize_q5_0(const float *x, uint8_t *out) { quantize_centred(x, 5, out); }
static void quantize_q4_1(const float *x, uint8_t *out) { quantize_from_minimum(x, 4, out); }
static void quantize_q5_1(const float *x, uint8_t *out) { quantize_from_minimum(x, 5, out); }

typedef struct quantizer {
    uint32_t format;
    size_t weights, bytes;  // of a block
    void (*quantize)(const float *x, uint8_t *out);
} quantizer;

static const quantizer quantizers[] = {
    {0, 1, 4, quantize_f32},           {1, 1, 2, quantize_f16},
    {2, 32, 18, quantize_q4_0},        {3, 32, 20, quantize_q4_1},
    {6, 32, 22, quantize_q5_0},        {7, 32, 24, quantize_q5_1},
    {8, 32, 34, quantize_q8_0},        {12, 256, 144, qk_quantize_q4_K},
    {13, 256, 176, qk_quantize_q5_K},  {14, 256, 210, qk_quantize_q6_K},
    {30, 1, 2, quantize_bf16},
};

static const quantizer *quantizer_of(uint32_t format) {
    for (size_t i = 0; i < sizeof quantizers / sizeof quantizers[0]; i++) {
        if (quantizers[i].format == format) {
            return &quantizers[i];
        }
    }
    return NULL;
}

bool qk_can_quantize(uint32_t format) { return quantizer_of(format) != NULL; }

void qk_quantize_weights(uint32_t format, const float *weights, uint8_t *out, size_t columns) {
    const quantizer *q = quantizer_of(format);
    if (q == NULL) {
        return;
    }
    for (size_t column = 0; column < columns; column += q->weights, out += q->bytes) {
        q->quantize(weights + column, out);
    }
}
