// Rounding 32 floats to bytes with AVX-512: the operations of round_block.h, sixteen at a time.
#include "round_block.h"

static inline __m128i qk_rounded(__m512 values, __m512 inverse) {
    __m512 shifted = _mm512_add_ps(_mm512_mul_ps(values, inverse), _mm512_set1_ps(qk_rounding));
    return _mm512_cvtepi32_epi8(_mm512_castps_si512(shifted));
}

// The sum of 16 bytes, through bytes raised by 128.
static inline int32_t qk_sum_of_bytes(__m128i bytes) {
    __m128i raised = _mm_xor_si128(bytes, _mm_set1_epi8((char)0x80));
    __m128i sad = _mm_sad_epu8(raised, _mm_setzero_si128());
    return _mm_cvtsi128_si32(_mm_add_epi64(sad, _mm_unpackhi_epi64(sad, sad))) - 2048;
}

static inline float qk_round_block(const float *values, int8_t *bytes, int32_t sums[2]) {
    __m512 low = _mm512_loadu_ps(values), high = _mm512_loadu_ps(values + 16);
    __m512i sign = _mm512_set1_epi32(0x7FFFFFFF);
    __m512i m = _mm512_max_epu32(_mm512_and_si512(_mm512_castps_si512(low), sign),
                                 _mm512_and_si512(_mm512_castps_si512(high), sign));
    __m256i h = _mm256_max_epu32(_mm512_castsi512_si256(m), _mm512_extracti64x4_epi64(m, 1));
    __m128i n = _mm_max_epu32(_mm256_castsi256_si128(h), _mm256_extracti128_si256(h, 1));
    n = _mm_max_epu32(n, _mm_shuffle_epi32(n, 0x4E));
    n = _mm_max_epu32(n, _mm_shuffle_epi32(n, 0xB1));
    float inverse, scale = qk_block_scale((uint32_t)_mm_cvtsi128_si32(n), &inverse);
    __m512 factor = _mm512_set1_ps(inverse);
    __m128i first = qk_rounded(low, factor), second = qk_rounded(high, factor);
    _mm_storeu_si128((__m128i *)(void *)bytes, first);
    _mm_storeu_si128((__m128i *)(void *)(bytes + 16), second);
    sums[0] = qk_sum_of_bytes(first);
    sums[1] = qk_sum_of_bytes(second);
    return scale;
}

static inline void qk_subtract_block(const float *values, const int8_t *bytes, float scale,
                                     float *rest) {
    const __m512 s = _mm512_set1_ps(scale);
    for (size_t i = 0; i < 32; i += 16) {
        __m128i sixteen = _mm_loadu_si128((const __m128i *)(const void *)(bytes + i));
        __m512i q = _mm512_cvtepi8_epi32(sixteen);
        __m512 rounded = _mm512_mul_ps(s, _mm512_cvtepi32_ps(q));
        _mm512_storeu_ps(rest + i, _mm512_sub_ps(_mm512_loadu_ps(values + i), rounded));
    }
}
