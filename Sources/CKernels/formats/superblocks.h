// Decoding of the formats in blocks of 256 weights. See formats/blocks.h, which comes first.

QK_STATIC void qk_decode_q2_K(const uint8_t *restrict bytes, size_t blocks,
                           qk_chunk *restrict chunk) {
    (void)blocks;
    float d = qk_half(bytes + 80), minimum = qk_half(bytes + 82);
    for (size_t run = 0; run < 16; run++) {
        chunk->scale[run] = d * (float)(bytes[run] & 15);
        chunk->offset[run] = -(minimum * (float)(bytes[run] >> 4));
    }
    for (size_t half = 0; half < 2; half++) {
        const uint8_t *two_bits = bytes + 16 + 32 * half;
        for (int plane = 0; plane < 4; plane++) {
            uint8_t *restrict q = chunk->q + 128 * half + 32 * (size_t)plane;
            for (size_t l = 0; l < 32; l++) {
                q[l] = (two_bits[l] >> (2 * plane)) & 3;
            }
        }
    }
}

// The 16 six-bit scales of Q3_K, less their bias of 32, times d.
QK_INLINE void qk_scales_q3_K(const uint8_t *s, float d, float *scale) {
    for (size_t run = 0; run < 16; run++) {
        int low = run < 8 ? s[run] & 15 : s[run - 8] >> 4;
        int high = (s[8 + run % 4] >> (2 * (run / 4))) & 3;
        scale[run] = d * (float)((low | high << 4) - 32);
    }
}

QK_STATIC void qk_decode_q3_K(const uint8_t *restrict bytes, size_t blocks,
                           qk_chunk *restrict chunk) {
    (void)blocks;
    qk_scales_q3_K(bytes + 96, qk_half(bytes + 108), chunk->scale);
    for (size_t half = 0; half < 2; half++) {
        const uint8_t *two_bits = bytes + 32 + 32 * half;
        for (size_t plane = 0; plane < 4; plane++) {
            uint8_t *restrict q = chunk->q + 128 * half + 32 * plane;
            int bit = (int)(4 * half + plane);
            for (size_t l = 0; l < 32; l++) {
                int high = (bytes[l] >> bit) & 1;
                q[l] = qk_integer(((two_bits[l] >> (2 * plane)) & 3) | high << 2, 4);
            }
        }
    }
}

// The 8 pairs of six-bit scale and minimum of Q4_K and Q5_K: 12 bytes.
QK_INLINE void qk_scales_q4_K(const uint8_t *bytes, qk_chunk *chunk) {
    float d = qk_half(bytes), minimum = qk_half(bytes + 2);
    const uint8_t *s = bytes + 4;
    for (size_t j = 0; j < 4; j++) {
        chunk->scale[j] = d * (float)(s[j] & 63);
        chunk->offset[j] = -(minimum * (float)(s[j + 4] & 63));
        chunk->scale[j + 4] = d * (float)((s[j + 8] & 15) | (s[j] >> 6) << 4);
        chunk->offset[j + 4] = -(minimum * (float)((s[j + 8] >> 4) | (s[j + 4] >> 6) << 4));
    }
}

QK_STATIC void qk_decode_q4_K(const uint8_t *restrict bytes, size_t blocks,
                           qk_chunk *restrict chunk) {
    (void)blocks;
    qk_scales_q4_K(bytes, chunk);
    for (size_t group = 0; group < 4; group++) {
        const uint8_t *nibbles = bytes + 16 + 32 * group;
        for (size_t l = 0; l < 32; l++) {
            chunk->q[64 * group + l] = nibbles[l] & 15;
            chunk->q[64 * group + 32 + l] = nibbles[l] >> 4;
        }
    }
}

QK_STATIC void qk_decode_q5_K(const uint8_t *restrict bytes, size_t blocks,
                           qk_chunk *restrict chunk) {
    (void)blocks;
    qk_scales_q4_K(bytes, chunk);
    const uint8_t *high = bytes + 16;
    for (size_t group = 0; group < 4; group++) {
        const uint8_t *nibbles = bytes + 48 + 32 * group;
        for (size_t l = 0; l < 32; l++) {
            int bits = high[l] >> (2 * group);
            chunk->q[64 * group + l] = (uint8_t)((nibbles[l] & 15) | (bits & 1) << 4);
            chunk->q[64 * group + 32 + l] = (uint8_t)((nibbles[l] >> 4) | (bits & 2) << 3);
        }
    }
}

QK_STATIC void qk_decode_q6_K(const uint8_t *restrict bytes, size_t blocks,
                           qk_chunk *restrict chunk) {
    (void)blocks;
    float d = qk_half(bytes + 208);
    const int8_t *scales = (const int8_t *)(bytes + 192);
    for (size_t run = 0; run < 16; run++) {
        chunk->scale[run] = d * (float)scales[run];
    }
    for (size_t half = 0; half < 2; half++) {
        const uint8_t *restrict low = bytes + 64 * half;
        const uint8_t *restrict high = bytes + 128 + 32 * half;
        uint8_t *restrict q = chunk->q + 128 * half;
        for (size_t l = 0; l < 32; l++) {
            q[l] = qk_integer((low[l] & 15) | (high[l] & 3) << 4, 32);
            q[l + 32] = qk_integer((low[l + 32] & 15) | ((high[l] >> 2) & 3) << 4, 32);
            q[l + 64] = qk_integer((low[l] >> 4) | ((high[l] >> 4) & 3) << 4, 32);
            q[l + 96] = qk_integer((low[l + 32] >> 4) | (high[l] >> 6) << 4, 32);
        }
    }
}

// The 8 six-bit scales of IQ4_XS, less their bias of 32, times d.
QK_INLINE void qk_scales_iq4_xs(const uint8_t *bytes, float *scale) {
    float d = qk_half(bytes);
    uint16_t high = qk_u16(bytes + 2);
    for (size_t b = 0; b < 8; b++) {
        int low = (bytes[4 + b / 2] >> (4 * (b % 2))) & 15;
        scale[b] = d * (float)((low | ((high >> (2 * b)) & 3) << 4) - 32);
    }
}

QK_STATIC void qk_decode_iq4_xs(const uint8_t *restrict bytes, size_t blocks,
                             qk_chunk *restrict chunk) {
    (void)blocks;
    qk_scales_iq4_xs(bytes, chunk->scale);
    for (size_t b = 0; b < 8; b++) {
        qk_look_up(bytes + 8 + 16 * b, qk_iq4_values, 128, chunk->q + 32 * b);
    }
}
