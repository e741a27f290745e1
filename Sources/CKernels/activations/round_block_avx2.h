// Rounding 32 floats to bytes with AVX2: the operations of round_block.h, eight at a time.
#include "activations/round_block.h"

static inline __m256i qk_magnitude(const float *p) {
    return _mm256_and_si256(_mm256_loadu_si256((const __m256i *)(const void *)p),
                            _mm256_set1_epi32(0x7FFFFFFF));
}

static inline __m256i qk_rounded(const float *p, __m256 inverse) {
    __m256 shifted = _mm256_add_ps(_mm256_mul_ps(_mm256_loadu_ps(p), inverse),
                                   _mm256_set1_ps(qk_rounding));
    // The low byte alone: the rounding constant's bits are above it.
    return _mm256_and_si256(_mm256_castps_si256(shifted), _mm256_set1_epi32(0xFF));
}

static inline float qk_round_block(const float *values, int8_t *bytes, int32_t sums[2]) {
    __m256i m = _mm256_max_epu32(
        _mm256_max_epu32(qk_magnitude(values), qk_magnitude(values + 8)),
        _mm256_max_epu32(qk_magnitude(values + 16), qk_magnitude(values + 24)));
    __m128i n = _mm_max_epu32(_mm256_castsi256_si128(m), _mm256_extracti128_si256(m, 1));
    n = _mm_max_epu32(n, _mm_shuffle_epi32(n, 0x4E));
    n = _mm_max_epu32(n, _mm_shuffle_epi32(n, 0xB1));
    float inverse, scale = qk_block_scale((uint32_t)_mm_cvtsi128_si32(n), &inverse);
    __m256 factor = _mm256_set1_ps(inverse);
    // Packing works within 128 bits: (0-3, 8-11 | 4-7, 12-15), then dwords back in order.
    __m256i low = _mm256_packus_epi32(qk_rounded(values, factor), qk_rounded(values + 8, factor));
    __m256i high =
        _mm256_packus_epi32(qk_rounded(values + 16, factor), qk_rounded(values + 24, factor));
    __m256i packed = _mm256_permutevar8x32_epi32(_mm256_packus_epi16(low, high),
                                                 _mm256_setr_epi32(0, 4, 1, 5, 2, 6, 3, 7));
    if (scale != scale) {
        packed = _mm256_setzero_si256();
    }
    _mm256_storeu_si256((__m256i *)(void *)bytes, packed);
    // Sums of bytes raised by 128.
    __m256i raised = _mm256_xor_si256(packed, _mm256_set1_epi8((char)0x80));
    __m256i sad = _mm256_sad_epu8(raised, _mm256_setzero_si256());
    __m128i first = _mm256_castsi256_si128(sad), second = _mm256_extracti128_si256(sad, 1);
    sums[0] = _mm_cvtsi128_si32(_mm_add_epi64(first, _mm_unpackhi_epi64(first, first))) - 2048;
    sums[1] = _mm_cvtsi128_si32(_mm_add_epi64(second, _mm_unpackhi_epi64(second, second))) - 2048;
    return scale;
}

static inline void qk_subtract_block(const float *values, const int8_t *bytes, float scale,
                                     float *rest) {
    const __m256 s = _mm256_set1_ps(scale);
    for (size_t i = 0; i < 32; i += 8) {
        __m128i eight = _mm_loadl_epi64((const __m128i *)(const void *)(bytes + i));
        __m256i q = _mm256_cvtepi8_epi32(eight);
        __m256 rounded = _mm256_mul_ps(s, _mm256_cvtepi32_ps(q));
        _mm256_storeu_ps(rest + i, _mm256_sub_ps(_mm256_loadu_ps(values + i), rounded));
    }
}
