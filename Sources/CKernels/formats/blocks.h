// Decoding of the block formats in plain C: a chunk of 256 weights as small integers with scales.
//
// Each file of a level includes this header inside its own target region, so that the compiler
// vectorises it for that level. The includer may define
//   QK_BIASED    1: integers are stored unsigned, `bias` above the weight; 0: signed, no bias
//   QK_HALF(u)   the float of a half's bits, in one instruction
#include <string.h>

#include "CKernels.h"
#include "vectors/half.h"

#ifndef QK_BIASED
#define QK_BIASED 0
#endif
#define QK_STATIC static __attribute__((unused))
#define QK_INLINE static inline __attribute__((always_inline, unused))

// 256 consecutive weights of a row: weight i is scale[g] * q[i] + offset[g], where g = i / 32, or
// i / 16 in the formats with halves. q is signed, or unsigned and to be read less the bias.
typedef struct qk_chunk {
    _Alignas(64) uint8_t q[256];
    _Alignas(64) float scale[16];
    _Alignas(64) float offset[16];
} qk_chunk;

// Decodes `blocks` (1...8) runs of 32 weights at `bytes`; the scales of the others become 0.
typedef void qk_decoder(const uint8_t *restrict bytes, size_t blocks,
                        qk_chunk *restrict chunk);

// What the products need to know of an integer format. Always a constant once inlined.
typedef struct qk_kind {
    qk_decoder *decode;
    size_t chunk_bytes;  // of 256 weights
    int bias;
    bool halves;  // scales (and offsets) per 16 weights, not per 32
    bool offset;
} qk_kind;

QK_INLINE uint16_t qk_u16(const uint8_t *bytes) {
    uint16_t value;
    memcpy(&value, bytes, sizeof value);
    return value;
}

QK_INLINE uint32_t qk_u32(const uint8_t *bytes) {
    uint32_t value;
    memcpy(&value, bytes, sizeof value);
    return value;
}

#ifndef QK_HALF
#define QK_HALF(bits) qk_f32_from_f16(bits)
#endif

QK_INLINE float qk_half(const uint8_t *bytes) { return QK_HALF(qk_u16(bytes)); }

QK_INLINE uint8_t qk_integer(int value, int bias) {
    return (uint8_t)(QK_BIASED ? value : value - bias);
}

// 2^(e - 128): half of the E8M0 scale, because the table of E2M1 values is doubled.
QK_INLINE float qk_e8m0_half(uint8_t e) {
    return qk_float(e >= 2 ? (uint32_t)(e - 1) << 23 : 0x00200000u << e);
}

// The scales and offsets of runs that the row does not have.
QK_INLINE void qk_clear_rest(size_t blocks, qk_chunk *chunk) {
    for (size_t b = blocks; b < 8; b++) {
        chunk->scale[b] = 0;
        chunk->offset[b] = 0;
    }
}

QK_STATIC void qk_decode_q4_0(const uint8_t *restrict bytes, size_t blocks,
                           qk_chunk *restrict chunk) {
    for (size_t b = 0; b < blocks; b++, bytes += 18) {
        chunk->scale[b] = qk_half(bytes);
        for (size_t j = 0; j < 16; j++) {
            chunk->q[32 * b + j] = qk_integer(bytes[2 + j] & 15, 8);
            chunk->q[32 * b + j + 16] = qk_integer(bytes[2 + j] >> 4, 8);
        }
    }
    qk_clear_rest(blocks, chunk);
}

QK_STATIC void qk_decode_q4_1(const uint8_t *restrict bytes, size_t blocks,
                           qk_chunk *restrict chunk) {
    for (size_t b = 0; b < blocks; b++, bytes += 20) {
        chunk->scale[b] = qk_half(bytes);
        chunk->offset[b] = qk_half(bytes + 2);
        for (size_t j = 0; j < 16; j++) {
            chunk->q[32 * b + j] = bytes[4 + j] & 15;
            chunk->q[32 * b + j + 16] = bytes[4 + j] >> 4;
        }
    }
    qk_clear_rest(blocks, chunk);
}

QK_STATIC void qk_decode_q5_0(const uint8_t *restrict bytes, size_t blocks,
                           qk_chunk *restrict chunk) {
    for (size_t b = 0; b < blocks; b++, bytes += 22) {
        chunk->scale[b] = qk_half(bytes);
        uint32_t high = qk_u32(bytes + 2);
        for (size_t j = 0; j < 16; j++) {
            int low = (bytes[6 + j] & 15) | (int)((high >> j) & 1) << 4;
            int upper = (bytes[6 + j] >> 4) | (int)((high >> (j + 16)) & 1) << 4;
            chunk->q[32 * b + j] = qk_integer(low, 16);
            chunk->q[32 * b + j + 16] = qk_integer(upper, 16);
        }
    }
    qk_clear_rest(blocks, chunk);
}

QK_STATIC void qk_decode_q5_1(const uint8_t *restrict bytes, size_t blocks,
                           qk_chunk *restrict chunk) {
    for (size_t b = 0; b < blocks; b++, bytes += 24) {
        chunk->scale[b] = qk_half(bytes);
        chunk->offset[b] = qk_half(bytes + 2);
        uint32_t high = qk_u32(bytes + 4);
        for (size_t j = 0; j < 16; j++) {
            int low = (bytes[8 + j] & 15) | (int)((high >> j) & 1) << 4;
            int upper = (bytes[8 + j] >> 4) | (int)((high >> (j + 16)) & 1) << 4;
            chunk->q[32 * b + j] = (uint8_t)low;
            chunk->q[32 * b + j + 16] = (uint8_t)upper;
        }
    }
    qk_clear_rest(blocks, chunk);
}

QK_STATIC void qk_decode_q8_0(const uint8_t *restrict bytes, size_t blocks,
                           qk_chunk *restrict chunk) {
    for (size_t b = 0; b < blocks; b++, bytes += 34) {
        chunk->scale[b] = qk_half(bytes);
        for (size_t j = 0; j < 32; j++) {
            chunk->q[32 * b + j] = bytes[2 + j] ^ (QK_BIASED ? 0x80 : 0);
        }
    }
    qk_clear_rest(blocks, chunk);
}

static const int8_t qk_iq4_values[16] = {-127, -104, -83, -65, -49, -35, -22, -10,
                                         1,    13,   25,  38,  53,  69,  89,  113};
static const int8_t qk_e2m1_values[16] = {0, 1, 2, 3, 4, 6, 8, 12, 0, -1, -2, -3, -4, -6, -8, -12};

// 16 bytes of nibbles as 32 entries of a table: low nibbles first.
QK_INLINE void qk_look_up(const uint8_t *restrict nibbles, const int8_t *restrict table, int bias,
                          uint8_t *restrict q) {
    for (size_t j = 0; j < 16; j++) {
        q[j] = (uint8_t)(table[nibbles[j] & 15] + (QK_BIASED ? bias : 0));
        q[j + 16] = (uint8_t)(table[nibbles[j] >> 4] + (QK_BIASED ? bias : 0));
    }
}

QK_STATIC void qk_decode_iq4_nl(const uint8_t *restrict bytes, size_t blocks,
                             qk_chunk *restrict chunk) {
    for (size_t b = 0; b < blocks; b++, bytes += 18) {
        chunk->scale[b] = qk_half(bytes);
        qk_look_up(bytes + 2, qk_iq4_values, 128, chunk->q + 32 * b);
    }
    qk_clear_rest(blocks, chunk);
}

QK_STATIC void qk_decode_mxfp4(const uint8_t *restrict bytes, size_t blocks,
                            qk_chunk *restrict chunk) {
    for (size_t b = 0; b < blocks; b++, bytes += 17) {
        chunk->scale[b] = qk_e8m0_half(bytes[0]);
        qk_look_up(bytes + 1, qk_e2m1_values, 12, chunk->q + 32 * b);
    }
    qk_clear_rest(blocks, chunk);
}
