// Decoders of products/avx2.c for what compilers do not vectorise well: fifth bits and tables.

// 16 bytes of nibbles as 32 bytes: the low ones first.
QK_INLINE __m256i qk_nibbles(const uint8_t *bytes) {
    __m128i both = _mm_loadu_si128((const __m128i *)bytes);
    __m256i split = _mm256_set_m128i(_mm_srli_epi16(both, 4), both);
    return _mm256_and_si256(split, _mm256_set1_epi8(15));
}

// 16 where a bit of the 32 is set.
QK_INLINE __m256i qk_fifth(const uint8_t *bytes) {
    const __m256i places = _mm256_set_epi64x(0x0303030303030303, 0x0202020202020202,
                                             0x0101010101010101, 0);
    const __m256i bits = _mm256_set1_epi64x((long long)0x8040201008040201);
    __m256i spread = _mm256_shuffle_epi8(_mm256_set1_epi32((int)qk_u32(bytes)), places);
    __m256i set = _mm256_cmpeq_epi8(_mm256_and_si256(spread, bits), bits);
    return _mm256_and_si256(set, _mm256_set1_epi8(16));
}

QK_INLINE void qk_fast_q5_0(const uint8_t *bytes, size_t blocks, qk_chunk *chunk) {
    for (size_t b = 0; b < blocks; b++, bytes += 22) {
        chunk->scale[b] = qk_half(bytes);
        __m256i q = _mm256_or_si256(qk_nibbles(bytes + 6), qk_fifth(bytes + 2));
        q = _mm256_sub_epi8(q, _mm256_set1_epi8(16));
        _mm256_store_si256((__m256i *)(chunk->q + 32 * b), q);
    }
    qk_clear_rest(blocks, chunk);
}

QK_INLINE void qk_fast_q5_1(const uint8_t *bytes, size_t blocks, qk_chunk *chunk) {
    for (size_t b = 0; b < blocks; b++, bytes += 24) {
        chunk->scale[b] = qk_half(bytes);
        chunk->offset[b] = qk_half(bytes + 2);
        __m256i q = _mm256_or_si256(qk_nibbles(bytes + 8), qk_fifth(bytes + 4));
        _mm256_store_si256((__m256i *)(chunk->q + 32 * b), q);
    }
    qk_clear_rest(blocks, chunk);
}

QK_INLINE void qk_fast_look_up(const uint8_t *bytes, const int8_t *table, uint8_t *q) {
    __m256i values = _mm256_broadcastsi128_si256(_mm_loadu_si128((const __m128i *)table));
    _mm256_store_si256((__m256i *)q, _mm256_shuffle_epi8(values, qk_nibbles(bytes)));
}

QK_INLINE void qk_fast_iq4_nl(const uint8_t *bytes, size_t blocks, qk_chunk *chunk) {
    for (size_t b = 0; b < blocks; b++, bytes += 18) {
        chunk->scale[b] = qk_half(bytes);
        qk_fast_look_up(bytes + 2, qk_iq4_values, chunk->q + 32 * b);
    }
    qk_clear_rest(blocks, chunk);
}

QK_INLINE void qk_fast_mxfp4(const uint8_t *bytes, size_t blocks, qk_chunk *chunk) {
    for (size_t b = 0; b < blocks; b++, bytes += 17) {
        chunk->scale[b] = qk_e8m0_half(bytes[0]);
        qk_fast_look_up(bytes + 1, qk_e2m1_values, chunk->q + 32 * b);
    }
    qk_clear_rest(blocks, chunk);
}

QK_INLINE void qk_fast_iq4_xs(const uint8_t *bytes, size_t blocks, qk_chunk *chunk) {
    (void)blocks;
    qk_scales_iq4_xs(bytes, chunk->scale);
    for (size_t b = 0; b < 8; b++) {
        qk_fast_look_up(bytes + 8 + 16 * b, qk_iq4_values, chunk->q + 32 * b);
    }
}

#define QK_DECODE_Q5_0 qk_fast_q5_0
#define QK_DECODE_Q5_1 qk_fast_q5_1
#define QK_DECODE_IQ4_NL qk_fast_iq4_nl
#define QK_DECODE_MXFP4 qk_fast_mxfp4
#define QK_DECODE_IQ4_XS qk_fast_iq4_xs
