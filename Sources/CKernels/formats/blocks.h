// Reading the formats in blocks of 32 weights. After formats/kind.h.

// 16 bytes of nibbles, the low ones first.
QK_INLINE void qk_nibbles(const uint8_t *restrict bytes, uint8_t *restrict u) {
    for (size_t j = 0; j < 16; j++) {
        u[j] = bytes[j] & 15;
        u[j + 16] = bytes[j] >> 4;
    }
}

// The same, and a fifth bit for each: 32 bits in order.
QK_INLINE void qk_five_bits(const uint8_t *restrict bytes, uint32_t fifth, uint8_t *restrict u) {
    for (size_t j = 0; j < 16; j++) {
        u[j] = (uint8_t)((bytes[j] & 15) | ((fifth >> j) & 1) << 4);
        u[j + 16] = (uint8_t)((bytes[j] >> 4) | ((fifth >> (j + 16)) & 1) << 4);
    }
}

// The halves of blocks that lie `step` bytes apart.
QK_INLINE void qk_halves(const uint8_t *bytes, size_t step, size_t blocks, uint16_t *halves) {
    for (size_t b = 0; b < blocks; b++) {
        halves[b] = qk_u16(bytes + b * step);
    }
}

QK_STATIC void qk_integers_q4_0(const uint8_t *restrict bytes, size_t blocks,
                                uint8_t *restrict u) {
    for (size_t b = 0; b < blocks; b++) {
        qk_nibbles(bytes + 18 * b + 2, u + 32 * b);
    }
}
QK_STATIC void qk_raw_q4_0(const uint8_t *restrict bytes, size_t blocks,
                           qk_raw_scales *restrict raw) {
    qk_halves(bytes, 18, blocks, raw->d);
}

QK_STATIC void qk_integers_q4_1(const uint8_t *restrict bytes, size_t blocks,
                                uint8_t *restrict u) {
    for (size_t b = 0; b < blocks; b++) {
        qk_nibbles(bytes + 20 * b + 4, u + 32 * b);
    }
}
QK_STATIC void qk_raw_q4_1(const uint8_t *restrict bytes, size_t blocks,
                           qk_raw_scales *restrict raw) {
    qk_halves(bytes, 20, blocks, raw->d);
    qk_halves(bytes + 2, 20, blocks, raw->minimum);
}

QK_STATIC void qk_integers_q5_0(const uint8_t *restrict bytes, size_t blocks,
                                uint8_t *restrict u) {
    for (size_t b = 0; b < blocks; b++, bytes += 22) {
        qk_five_bits(bytes + 6, qk_u32(bytes + 2), u + 32 * b);
    }
}
QK_STATIC void qk_raw_q5_0(const uint8_t *restrict bytes, size_t blocks,
                           qk_raw_scales *restrict raw) {
    qk_halves(bytes, 22, blocks, raw->d);
}

QK_STATIC void qk_integers_q5_1(const uint8_t *restrict bytes, size_t blocks,
                                uint8_t *restrict u) {
    for (size_t b = 0; b < blocks; b++, bytes += 24) {
        qk_five_bits(bytes + 8, qk_u32(bytes + 4), u + 32 * b);
    }
}
QK_STATIC void qk_raw_q5_1(const uint8_t *restrict bytes, size_t blocks,
                           qk_raw_scales *restrict raw) {
    qk_halves(bytes, 24, blocks, raw->d);
    qk_halves(bytes + 2, 24, blocks, raw->minimum);
}

QK_STATIC void qk_integers_q8_0(const uint8_t *restrict bytes, size_t blocks,
                                uint8_t *restrict u) {
    for (size_t b = 0; b < blocks; b++) {
        for (size_t j = 0; j < 32; j++) {
            u[32 * b + j] = bytes[34 * b + 2 + j] ^ 0x80;
        }
    }
}
QK_STATIC void qk_raw_q8_0(const uint8_t *restrict bytes, size_t blocks,
                           qk_raw_scales *restrict raw) {
    qk_halves(bytes, 34, blocks, raw->d);
}

static const int8_t qk_iq4_values[16] = {-127, -104, -83, -65, -49, -35, -22, -10,
                                         1,    13,   25,  38,  53,  69,  89,  113};

QK_STATIC void qk_integers_iq4_nl(const uint8_t *restrict bytes, size_t blocks,
                                  uint8_t *restrict u) {
    qk_integers_q4_0(bytes, blocks, u);
}
QK_STATIC void qk_raw_iq4_nl(const uint8_t *restrict bytes, size_t blocks,
                             qk_raw_scales *restrict raw) {
    qk_halves(bytes, 18, blocks, raw->d);
}

// Twice the values of E2M1, so that they are integers: the scale is halved (qk_e8m0_half).
static const int8_t qk_e2m1_values[16] = {0, 1, 2, 3, 4, 6, 8, 12, 0, -1, -2, -3, -4, -6, -8, -12};

QK_STATIC void qk_integers_mxfp4(const uint8_t *restrict bytes, size_t blocks,
                                 uint8_t *restrict u) {
    for (size_t b = 0; b < blocks; b++) {
        qk_nibbles(bytes + 17 * b + 1, u + 32 * b);
    }
}
QK_STATIC void qk_raw_mxfp4(const uint8_t *restrict bytes, size_t blocks,
                            qk_raw_scales *restrict raw) {
    for (size_t b = 0; b < blocks; b++) {
        raw->scale[b] = bytes[17 * b];
    }
}
