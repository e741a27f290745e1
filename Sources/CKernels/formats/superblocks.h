// Reading the formats in blocks of 256 weights. After formats/kind.h and formats/blocks.h.

// 32 bytes of four planes of two bits, 32 weights each.
QK_INLINE void qk_two_bits(const uint8_t *restrict bytes, uint8_t *restrict u) {
    for (size_t plane = 0; plane < 4; plane++) {
        for (size_t l = 0; l < 32; l++) {
            u[32 * plane + l] = (bytes[l] >> (2 * plane)) & 3;
        }
    }
}

QK_STATIC void qk_integers_q2_K(const uint8_t *restrict bytes, size_t blocks,
                                uint8_t *restrict u) {
    (void)blocks;
    qk_two_bits(bytes + 16, u);
    qk_two_bits(bytes + 48, u + 128);
}
QK_STATIC void qk_raw_q2_K(const uint8_t *restrict bytes, size_t blocks,
                           qk_raw_scales *restrict raw) {
    (void)blocks;
    raw->d[0] = qk_u16(bytes + 80);
    raw->minimum[0] = qk_u16(bytes + 82);
    for (size_t run = 0; run < 16; run++) {
        raw->scale[run] = bytes[run] & 15;
        raw->offset[run] = bytes[run] >> 4;
    }
}

QK_STATIC void qk_integers_q3_K(const uint8_t *restrict bytes, size_t blocks,
                                uint8_t *restrict u) {
    (void)blocks;
    qk_two_bits(bytes + 32, u);
    qk_two_bits(bytes + 64, u + 128);
    for (size_t run = 0; run < 8; run++) {
        for (size_t l = 0; l < 32; l++) {
            u[32 * run + l] |= (uint8_t)(((bytes[l] >> run) & 1) << 2);
        }
    }
}
QK_STATIC void qk_raw_q3_K(const uint8_t *restrict bytes, size_t blocks,
                           qk_raw_scales *restrict raw) {
    (void)blocks;
    const uint8_t *s = bytes + 96;
    raw->d[0] = qk_u16(bytes + 108);
    for (size_t run = 0; run < 16; run++) {
        int low = run < 8 ? s[run] & 15 : s[run - 8] >> 4;
        int high = (s[8 + run % 4] >> (2 * (run / 4))) & 3;
        raw->scale[run] = (uint8_t)((low | high << 4) - 32);
    }
}

// The 8 pairs of six-bit scale and minimum of Q4_K and Q5_K: 12 bytes.
QK_INLINE void qk_six_bit_pairs(const uint8_t *bytes, qk_raw_scales *raw) {
    const uint8_t *s = bytes + 4;
    raw->d[0] = qk_u16(bytes);
    raw->minimum[0] = qk_u16(bytes + 2);
    for (size_t j = 0; j < 4; j++) {
        raw->scale[j] = s[j] & 63;
        raw->offset[j] = s[j + 4] & 63;
        raw->scale[j + 4] = (uint8_t)((s[j + 8] & 15) | (s[j] >> 6) << 4);
        raw->offset[j + 4] = (uint8_t)((s[j + 8] >> 4) | (s[j + 4] >> 6) << 4);
    }
}

QK_STATIC void qk_integers_q4_K(const uint8_t *restrict bytes, size_t blocks,
                                uint8_t *restrict u) {
    (void)blocks;
    for (size_t group = 0; group < 4; group++) {
        const uint8_t *nibbles = bytes + 16 + 32 * group;
        for (size_t l = 0; l < 32; l++) {
            u[64 * group + l] = nibbles[l] & 15;
            u[64 * group + 32 + l] = nibbles[l] >> 4;
        }
    }
}
QK_STATIC void qk_raw_q4_K(const uint8_t *restrict bytes, size_t blocks,
                           qk_raw_scales *restrict raw) {
    (void)blocks;
    qk_six_bit_pairs(bytes, raw);
}

QK_STATIC void qk_integers_q5_K(const uint8_t *restrict bytes, size_t blocks,
                                uint8_t *restrict u) {
    (void)blocks;
    const uint8_t *high = bytes + 16;
    for (size_t group = 0; group < 4; group++) {
        const uint8_t *nibbles = bytes + 48 + 32 * group;
        for (size_t l = 0; l < 32; l++) {
            int bits = high[l] >> (2 * group);
            u[64 * group + l] = (uint8_t)((nibbles[l] & 15) | (bits & 1) << 4);
            u[64 * group + 32 + l] = (uint8_t)((nibbles[l] >> 4) | (bits & 2) << 3);
        }
    }
}
QK_STATIC void qk_raw_q5_K(const uint8_t *restrict bytes, size_t blocks,
                           qk_raw_scales *restrict raw) {
    (void)blocks;
    qk_six_bit_pairs(bytes, raw);
}

QK_STATIC void qk_integers_q6_K(const uint8_t *restrict bytes, size_t blocks,
                                uint8_t *restrict u) {
    (void)blocks;
    for (size_t half = 0; half < 2; half++) {
        const uint8_t *restrict low = bytes + 64 * half;
        const uint8_t *restrict high = bytes + 128 + 32 * half;
        uint8_t *restrict to = u + 128 * half;
        for (size_t l = 0; l < 32; l++) {
            to[l] = (uint8_t)((low[l] & 15) | (high[l] & 3) << 4);
            to[l + 32] = (uint8_t)((low[l + 32] & 15) | ((high[l] >> 2) & 3) << 4);
            to[l + 64] = (uint8_t)((low[l] >> 4) | ((high[l] >> 4) & 3) << 4);
            to[l + 96] = (uint8_t)((low[l + 32] >> 4) | (high[l] >> 6) << 4);
        }
    }
}
QK_STATIC void qk_raw_q6_K(const uint8_t *restrict bytes, size_t blocks,
                           qk_raw_scales *restrict raw) {
    (void)blocks;
    raw->d[0] = qk_u16(bytes + 208);
    memcpy(raw->scale, bytes + 192, 16);
}

QK_STATIC void qk_integers_iq4_xs(const uint8_t *restrict bytes, size_t blocks,
                                  uint8_t *restrict u) {
    (void)blocks;
    for (size_t b = 0; b < 8; b++) {
        qk_nibbles(bytes + 8 + 16 * b, u + 32 * b);
    }
}
QK_STATIC void qk_raw_iq4_xs(const uint8_t *restrict bytes, size_t blocks,
                             qk_raw_scales *restrict raw) {
    (void)blocks;
    uint16_t high = qk_u16(bytes + 2);
    raw->d[0] = qk_u16(bytes);
    for (size_t b = 0; b < 8; b++) {
        int low = (bytes[4 + b / 2] >> (4 * (b % 2))) & 15;
        raw->scale[b] = (uint8_t)((low | ((high >> (2 * b)) & 3) << 4) - 32);
    }
}
