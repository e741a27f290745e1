// Decoders of products/avx512.c for the formats that matter most.

// Two runs of 16 bytes, each twice: |a a b b|.
QK_INLINE __m512i qk_twice(const uint8_t *a, const uint8_t *b) {
    __m512i second = _mm512_broadcast_i32x4(_mm_loadu_si128((const __m128i *)b));
    return _mm512_mask_broadcast_i32x4(second, 0x00FF, _mm_loadu_si128((const __m128i *)a));
}

// The nibbles of |a a b b| in order: the low ones of a, the high ones of a, those of b.
QK_INLINE __m512i qk_nibbles(__m512i twice) {
    const __m512i shifts = _mm512_set_epi64(4, 4, 0, 0, 4, 4, 0, 0);
    return _mm512_and_si512(_mm512_srlv_epi64(twice, shifts), _mm512_set1_epi8(15));
}

// The halves at 8 places, `step` bytes apart, as floats; only the first `blocks` are read.
QK_INLINE __m256 qk_halves(const uint8_t *bytes, size_t step, size_t blocks) {
    __m128i halves = _mm_setzero_si128();
    if (blocks == 8) {
        halves = _mm_cvtsi32_si128(qk_u16(bytes));
        halves = _mm_insert_epi16(halves, qk_u16(bytes + step), 1);
        halves = _mm_insert_epi16(halves, qk_u16(bytes + 2 * step), 2);
        halves = _mm_insert_epi16(halves, qk_u16(bytes + 3 * step), 3);
        halves = _mm_insert_epi16(halves, qk_u16(bytes + 4 * step), 4);
        halves = _mm_insert_epi16(halves, qk_u16(bytes + 5 * step), 5);
        halves = _mm_insert_epi16(halves, qk_u16(bytes + 6 * step), 6);
        halves = _mm_insert_epi16(halves, qk_u16(bytes + 7 * step), 7);
    } else {
        uint16_t some[8] = {0};
        for (size_t b = 0; b < blocks; b++) {
            some[b] = qk_u16(bytes + b * step);
        }
        halves = _mm_loadu_si128((const __m128i *)some);
    }
    return _mm256_cvtph_ps(halves);
}

// Calls the body for each pair of blocks; at the end of a row that has an odd number of blocks,
// b is the block a again (its scale is 0).
#define QK_EACH_PAIR(bytes, size, blocks, body)                                                   \
    _Pragma("clang loop unroll(disable)") for (size_t pair = 0; 2 * pair < blocks; pair++) {      \
        const uint8_t *a = (bytes) + 2 * pair * (size);                                           \
        const uint8_t *b = 2 * pair + 1 < blocks ? a + (size) : a;                                \
        __m512i q;                                                                                \
        body _mm512_store_si512(chunk->q + 64 * pair, q);                                         \
    }

QK_INLINE void qk_fast_q4_0(const uint8_t *bytes, size_t blocks, qk_chunk *chunk) {
    _mm256_store_ps(chunk->scale, qk_halves(bytes, 18, blocks));
    QK_EACH_PAIR(bytes, 18, blocks, { q = qk_nibbles(qk_twice(a + 2, b + 2)); })
}

QK_INLINE void qk_fast_q4_1(const uint8_t *bytes, size_t blocks, qk_chunk *chunk) {
    _mm256_store_ps(chunk->scale, qk_halves(bytes, 20, blocks));
    _mm256_store_ps(chunk->offset, qk_halves(bytes + 2, 20, blocks));
    QK_EACH_PAIR(bytes, 20, blocks, { q = qk_nibbles(qk_twice(a + 4, b + 4)); })
}

// The fifth bits are a mask already: one bit a weight, in order.
QK_INLINE __m512i qk_fifth(__m512i q, const uint8_t *a, const uint8_t *b) {
    __mmask64 high = (uint64_t)qk_u32(b) << 32 | qk_u32(a);
    return _mm512_mask_add_epi8(q, high, q, _mm512_set1_epi8(16));
}

QK_INLINE void qk_fast_q5_0(const uint8_t *bytes, size_t blocks, qk_chunk *chunk) {
    _mm256_store_ps(chunk->scale, qk_halves(bytes, 22, blocks));
    QK_EACH_PAIR(bytes, 22, blocks, {
        q = qk_fifth(qk_nibbles(qk_twice(a + 6, b + 6)), a + 2, b + 2);
    })
}

QK_INLINE void qk_fast_q5_1(const uint8_t *bytes, size_t blocks, qk_chunk *chunk) {
    _mm256_store_ps(chunk->scale, qk_halves(bytes, 24, blocks));
    _mm256_store_ps(chunk->offset, qk_halves(bytes + 2, 24, blocks));
    QK_EACH_PAIR(bytes, 24, blocks, {
        q = qk_fifth(qk_nibbles(qk_twice(a + 8, b + 8)), a + 4, b + 4);
    })
}

QK_INLINE void qk_fast_q8_0(const uint8_t *bytes, size_t blocks, qk_chunk *chunk) {
    _mm256_store_ps(chunk->scale, qk_halves(bytes, 34, blocks));
    QK_EACH_PAIR(bytes, 34, blocks, {
        __m256i low = _mm256_loadu_si256((const __m256i *)(a + 2));
        __m256i high = _mm256_loadu_si256((const __m256i *)(b + 2));
        q = _mm512_inserti64x4(_mm512_castsi256_si512(low), high, 1);
        q = _mm512_xor_si512(q, _mm512_set1_epi8((char)0x80));
    })
}

QK_INLINE __m512i qk_table16(const int8_t *table, int bias) {
    __m128i values = _mm_add_epi8(_mm_loadu_si128((const __m128i *)table),
                                  _mm_set1_epi8((char)bias));
    return _mm512_broadcast_i32x4(values);
}

QK_INLINE void qk_fast_iq4_nl(const uint8_t *bytes, size_t blocks, qk_chunk *chunk) {
    const __m512i table = qk_table16(qk_iq4_values, 128);
    _mm256_store_ps(chunk->scale, qk_halves(bytes, 18, blocks));
    QK_EACH_PAIR(bytes, 18, blocks, {
        q = _mm512_shuffle_epi8(table, qk_nibbles(qk_twice(a + 2, b + 2)));
    })
}

QK_INLINE void qk_fast_mxfp4(const uint8_t *bytes, size_t blocks, qk_chunk *chunk) {
    const __m512i table = qk_table16(qk_e2m1_values, 12);
    for (size_t b = 0; b < 8; b++) {
        chunk->scale[b] = b < blocks ? qk_e8m0_half(bytes[17 * b]) : 0;
    }
    QK_EACH_PAIR(bytes, 17, blocks, {
        q = _mm512_shuffle_epi8(table, qk_nibbles(qk_twice(a + 1, b + 1)));
    })
}

QK_INLINE void qk_fast_iq4_xs(const uint8_t *bytes, size_t blocks, qk_chunk *chunk) {
    (void)blocks;
    const __m512i table = qk_table16(qk_iq4_values, 128);
    // Two bits of scales_h and a nibble of scales_l for each run.
    __m256i low = _mm256_and_si256(
        _mm256_srlv_epi32(_mm256_set1_epi32((int)qk_u32(bytes + 4)),
                          _mm256_set_epi32(28, 24, 20, 16, 12, 8, 4, 0)),
        _mm256_set1_epi32(15));
    __m256i high = _mm256_and_si256(
        _mm256_srlv_epi32(_mm256_set1_epi32(qk_u16(bytes + 2)),
                          _mm256_set_epi32(14, 12, 10, 8, 6, 4, 2, 0)),
        _mm256_set1_epi32(3));
    __m256i scale = _mm256_or_si256(low, _mm256_slli_epi32(high, 4));
    scale = _mm256_sub_epi32(scale, _mm256_set1_epi32(32));
    _mm256_store_ps(chunk->scale, _mm256_mul_ps(_mm256_set1_ps(qk_half(bytes)),
                                                _mm256_cvtepi32_ps(scale)));
    QK_EACH_PAIR(bytes + 8, 16, 8, {
        q = _mm512_shuffle_epi8(table, qk_nibbles(qk_twice(a, b)));
    })
}
#undef QK_EACH_PAIR

// The 12 bytes of six-bit scales and minimums, as 8 bytes of each.
QK_INLINE void qk_fast_scales_q4_K(const uint8_t *bytes, qk_chunk *chunk) {
    uint32_t s0 = qk_u32(bytes + 4), s1 = qk_u32(bytes + 8), s2 = qk_u32(bytes + 12);
    uint64_t scales = (s0 & 0x3F3F3F3F) |
                      (uint64_t)((s2 & 0x0F0F0F0F) | ((s0 >> 2) & 0x30303030)) << 32;
    uint64_t minimums = (s1 & 0x3F3F3F3F) |
                        (uint64_t)(((s2 >> 4) & 0x0F0F0F0F) | ((s1 >> 2) & 0x30303030)) << 32;
    __m256 d = _mm256_set1_ps(qk_half(bytes)), m = _mm256_set1_ps(-qk_half(bytes + 2));
    __m256i scale = _mm256_cvtepu8_epi32(_mm_cvtsi64_si128((long long)scales));
    __m256i minimum = _mm256_cvtepu8_epi32(_mm_cvtsi64_si128((long long)minimums));
    _mm256_store_ps(chunk->scale, _mm256_mul_ps(d, _mm256_cvtepi32_ps(scale)));
    _mm256_store_ps(chunk->offset, _mm256_mul_ps(m, _mm256_cvtepi32_ps(minimum)));
}

// 32 bytes as |low nibbles, high nibbles|.
QK_INLINE __m512i qk_nibbles32(const uint8_t *bytes) {
    const __m512i shifts = _mm512_set_epi64(4, 4, 4, 4, 0, 0, 0, 0);
    __m512i both = _mm512_broadcast_i64x4(_mm256_loadu_si256((const __m256i *)bytes));
    return _mm512_and_si512(_mm512_srlv_epi64(both, shifts), _mm512_set1_epi8(15));
}

QK_INLINE void qk_fast_q4_K(const uint8_t *bytes, size_t blocks, qk_chunk *chunk) {
    (void)blocks;
    qk_fast_scales_q4_K(bytes, chunk);
#pragma clang loop unroll(full)
    for (size_t group = 0; group < 4; group++) {
        _mm512_store_si512(chunk->q + 64 * group, qk_nibbles32(bytes + 16 + 32 * group));
    }
}

QK_INLINE void qk_fast_q5_K(const uint8_t *bytes, size_t blocks, qk_chunk *chunk) {
    (void)blocks;
    qk_fast_scales_q4_K(bytes, chunk);
    __m512i high = _mm512_broadcast_i64x4(_mm256_loadu_si256((const __m256i *)(bytes + 16)));
    __m512i bit = _mm512_inserti64x4(_mm512_set1_epi8(1), _mm256_set1_epi8(2), 1);
#pragma clang loop unroll(full)
    for (size_t group = 0; group < 4; group++) {
        __m512i q = qk_nibbles32(bytes + 48 + 32 * group);
        q = _mm512_mask_add_epi8(q, _mm512_test_epi8_mask(high, bit), q, _mm512_set1_epi8(16));
        _mm512_store_si512(chunk->q + 64 * group, q);
        bit = _mm512_slli_epi64(bit, 2);
    }
}

QK_INLINE void qk_fast_q6_K(const uint8_t *bytes, size_t blocks, qk_chunk *chunk) {
    (void)blocks;
    __m512i scales = _mm512_cvtepi8_epi32(_mm_loadu_si128((const __m128i *)(bytes + 192)));
    _mm512_store_ps(chunk->scale, _mm512_mul_ps(_mm512_set1_ps(qk_half(bytes + 208)),
                                                _mm512_cvtepi32_ps(scales)));
    const __m512i four = _mm512_set1_epi8(15), two = _mm512_set1_epi8(0x30);
    // The first 64 weights of a half take bits 0-1 and 2-3 of the high bytes, the others 4-7.
    const __m512i left = _mm512_set_epi64(2, 2, 2, 2, 4, 4, 4, 4);
    const __m512i right = _mm512_set_epi64(2, 2, 2, 2, 0, 0, 0, 0);
#pragma clang loop unroll(full)
    for (size_t half = 0; half < 2; half++) {
        __m512i low = _mm512_loadu_si512(bytes + 64 * half);
        __m512i high = _mm512_broadcast_i64x4(
            _mm256_loadu_si256((const __m256i *)(bytes + 128 + 32 * half)));
        __m512i q0 = _mm512_or_si512(_mm512_and_si512(low, four),
                                     _mm512_and_si512(_mm512_sllv_epi64(high, left), two));
        __m512i q1 = _mm512_or_si512(_mm512_and_si512(_mm512_srli_epi64(low, 4), four),
                                     _mm512_and_si512(_mm512_srlv_epi64(high, right), two));
        _mm512_store_si512(chunk->q + 128 * half, q0);
        _mm512_store_si512(chunk->q + 128 * half + 64, q1);
    }
}

// 32 bytes of four planes of two bits: planes 2 * step and 2 * step + 1, 32 weights each.
QK_INLINE __m512i qk_two_bits(const uint8_t *bytes, int step) {
    const __m512i shifts = _mm512_set_epi64(2, 2, 2, 2, 0, 0, 0, 0);
    __m512i both = _mm512_broadcast_i64x4(_mm256_loadu_si256((const __m256i *)bytes));
    both = _mm512_srlv_epi64(both, _mm512_add_epi64(shifts, _mm512_set1_epi64(4 * step)));
    return _mm512_and_si512(both, _mm512_set1_epi8(3));
}

QK_INLINE void qk_fast_q2_K(const uint8_t *bytes, size_t blocks, qk_chunk *chunk) {
    (void)blocks;
    __m512i both = _mm512_cvtepu8_epi32(_mm_loadu_si128((const __m128i *)bytes));
    __m512i scale = _mm512_and_si512(both, _mm512_set1_epi32(15));
    __m512i minimum = _mm512_srli_epi32(both, 4);
    __m512 d = _mm512_set1_ps(qk_half(bytes + 80)), m = _mm512_set1_ps(-qk_half(bytes + 82));
    _mm512_store_ps(chunk->scale, _mm512_mul_ps(d, _mm512_cvtepi32_ps(scale)));
    _mm512_store_ps(chunk->offset, _mm512_mul_ps(m, _mm512_cvtepi32_ps(minimum)));
#pragma clang loop unroll(full)
    for (int i = 0; i < 4; i++) {
        _mm512_store_si512(chunk->q + 64 * i, qk_two_bits(bytes + 16 + 32 * (i / 2), i % 2));
    }
}

QK_INLINE void qk_fast_q3_K(const uint8_t *bytes, size_t blocks, qk_chunk *chunk) {
    (void)blocks;
    // Run 4 * i + j: a nibble of byte j or 4 + j, and bits 2 * i of byte 8 + j.
    uint32_t s0 = qk_u32(bytes + 96), s1 = qk_u32(bytes + 100), s2 = qk_u32(bytes + 104);
    __m128i low = _mm_and_si128(
        _mm_set_epi32((int)(s1 >> 4), (int)(s0 >> 4), (int)s1, (int)s0), _mm_set1_epi8(15));
    __m128i high = _mm_and_si128(
        _mm_srlv_epi32(_mm_set1_epi32((int)s2), _mm_set_epi32(6, 4, 2, 0)), _mm_set1_epi8(3));
    __m128i six = _mm_or_si128(low, _mm_slli_epi32(high, 4));
    __m512i scale = _mm512_sub_epi32(_mm512_cvtepu8_epi32(six), _mm512_set1_epi32(32));
    _mm512_store_ps(chunk->scale, _mm512_mul_ps(_mm512_set1_ps(qk_half(bytes + 108)),
                                                _mm512_cvtepi32_ps(scale)));
    __m512i mask = _mm512_broadcast_i64x4(_mm256_loadu_si256((const __m256i *)bytes));
    __m512i bit = _mm512_inserti64x4(_mm512_set1_epi8(1), _mm256_set1_epi8(2), 1);
#pragma clang loop unroll(full)
    for (int i = 0; i < 4; i++) {
        __m512i q = qk_two_bits(bytes + 32 + 32 * (i / 2), i % 2);
        q = _mm512_mask_add_epi8(q, _mm512_test_epi8_mask(mask, bit), q, _mm512_set1_epi8(4));
        _mm512_store_si512(chunk->q + 64 * i, q);
        bit = _mm512_slli_epi64(bit, 2);
    }
}

// n halves as floats.
QK_INLINE void qk_fast_f16(const uint8_t *bytes, size_t n, float *out) {
    for (size_t i = 0; i < n; i += 16) {
        __mmask16 mask = n - i < 16 ? (__mmask16)((1u << (n - i)) - 1) : 0xFFFF;
        __m256i halves = _mm256_maskz_loadu_epi16(mask, bytes + 2 * i);
        _mm512_mask_storeu_ps(out + i, mask, _mm512_cvtph_ps(halves));
    }
}

#define QK_F16 qk_fast_f16
#define QK_DECODE_Q2_K qk_fast_q2_K
#define QK_DECODE_Q3_K qk_fast_q3_K
#define QK_DECODE_Q4_0 qk_fast_q4_0
#define QK_DECODE_Q4_1 qk_fast_q4_1
#define QK_DECODE_Q5_0 qk_fast_q5_0
#define QK_DECODE_Q5_1 qk_fast_q5_1
#define QK_DECODE_Q8_0 qk_fast_q8_0
#define QK_DECODE_IQ4_NL qk_fast_iq4_nl
#define QK_DECODE_MXFP4 qk_fast_mxfp4
#define QK_DECODE_IQ4_XS qk_fast_iq4_xs
#define QK_DECODE_Q4_K qk_fast_q4_K
#define QK_DECODE_Q5_K qk_fast_q5_K
#define QK_DECODE_Q6_K qk_fast_q6_K
