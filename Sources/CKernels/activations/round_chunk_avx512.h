// Rounding a chunk of 256 floats to bytes with AVX-512: the operations of round_block.h, for two
// runs of 32 at a time, and for all eight where a run has one number. For the layout of qk_run.
//
// A run is written by one store of its 64 bytes, past the caches. Other threads have read the line
// that it goes to: a store into the cache has to wait until it is theirs no more, which takes 7 to
// 30 ns a line where many wait, and a core has room for few; with a store for each number they
// would be those of seven runs. Who reads the line next finds it in memory, in the time it would
// take to get it from another core.
#include "activations/round_block.h"

enum { QK_CHUNK_RUNS = QK_CHUNK / 32, QK_CHUNKS = 4 };

static inline __m512i qk_magnitudes(const float *x) {
    return _mm512_and_si512(_mm512_loadu_si512(x), _mm512_set1_epi32(0x7FFFFFFF));
}

static inline __m512i qk_larger(__m512i a, __m512i b) { return _mm512_max_epu32(a, b); }

// The bits of the largest magnitude of each of eight runs.
static inline __m256i qk_largest_of_runs(const float *x) {
    __m512i m[QK_CHUNK_RUNS];
#pragma clang loop unroll(full)
    for (int i = 0; i < QK_CHUNK_RUNS; i++) {
        m[i] = qk_larger(qk_magnitudes(x + 32 * i), qk_magnitudes(x + 32 * i + 16));
    }
    // Two runs to a vector, then four, then eight: m[0] holds 0 1 | 2 3 | 4 5 | 6 7 by pairs.
#pragma clang loop unroll(full)
    for (int i = 0; i < 4; i++) {
        m[i] = qk_larger(_mm512_shuffle_i64x2(m[i], m[i + 4], 0x44),
                         _mm512_shuffle_i64x2(m[i], m[i + 4], 0xEE));
    }
#pragma clang loop unroll(full)
    for (int i = 0; i < 2; i++) {
        m[i] = qk_larger(_mm512_shuffle_i64x2(m[i], m[i + 2], 0x88),
                         _mm512_shuffle_i64x2(m[i], m[i + 2], 0xDD));
    }
    // In the 128 bits j of m[i] are four values of run 4 (j % 2) + 2 (j / 2) + i.
    m[0] = qk_larger(_mm512_unpacklo_epi64(m[0], m[1]), _mm512_unpackhi_epi64(m[0], m[1]));
    m[0] = qk_larger(m[0], _mm512_shuffle_epi32(m[0], 0xB1));
    const __m512i order = _mm512_setr_epi32(0, 2, 8, 10, 4, 6, 12, 14, 0, 0, 0, 0, 0, 0, 0, 0);
    return _mm512_castsi512_si256(_mm512_permutexvar_epi32(order, m[0]));
}

// As qk_block_scale, of the eight runs of a chunk.
static inline __m256 qk_scales_of_runs(const float *x, float *inverses) {
    const __m256 least = _mm256_set1_ps(0x1p-120f), most = _mm256_set1_ps(127.0f);
    __m256 largest = _mm256_castsi256_ps(qk_largest_of_runs(x));
    // NaN less NaN, or infinity less infinity, and 0 otherwise.
    __m256 spoilt = _mm256_sub_ps(largest, largest);
    __mmask8 above = _mm256_cmp_ps_mask(largest, least, _CMP_NLE_UQ);
    _mm256_store_ps(inverses, _mm256_maskz_div_ps(above, most, largest));
    return _mm256_add_ps(_mm256_maskz_div_ps(above, largest, most), spoilt);
}

// 16 values; ties to even.
static inline __m512i qk_rounded(const float *x, const float *inverse) {
    return _mm512_cvtps_epi32(_mm512_mul_ps(_mm512_loadu_ps(x), _mm512_set1_ps(*inverse)));
}

// Two runs as they are written: their 32 values each, and their numbers in the order of qk_run.
static inline void qk_round_pair(const float *x, const float *inverses, __m512 scales,
                                 __m512i runs[2]) {
    __m512i first = _mm512_packs_epi32(qk_rounded(x, inverses), qk_rounded(x + 16, inverses));
    __m512i second = _mm512_packs_epi32(qk_rounded(x + 32, inverses + 1),
                                         qk_rounded(x + 48, inverses + 1));
    // Packing works within 128 bits, which hold four values of each of the four vectors.
    const __m512i order =
        _mm512_setr_epi32(0, 4, 8, 12, 1, 5, 9, 13, 2, 6, 10, 14, 3, 7, 11, 15);
    // Zeros where the scale is NaN.
    __mmask16 finite = _mm512_cmp_ps_mask(scales, scales, _CMP_ORD_Q);
    __m512i bytes =
        _mm512_maskz_permutexvar_epi32(finite, order, _mm512_packs_epi16(first, second));
    // Sums of 8 bytes raised by 128; of 16, the halves of a run; of 32.
    __m512i sad = _mm512_sad_epu8(_mm512_xor_si512(bytes, _mm512_set1_epi8((char)0x80)),
                                  _mm512_setzero_si512());
    __m512i halves = _mm512_add_epi32(sad, _mm512_shuffle_epi32(sad, 0x4E));
    __m512i whole = _mm512_add_epi32(halves, _mm512_permutex_epi64(halves, 0x4E));
    // (nothing, whole, first half, second; whole, first half, second, nothing)
    const __m512i places =
        _mm512_setr_epi32(1, 16, 0, 4, 16, 0, 4, 1, 9, 24, 8, 12, 24, 8, 12, 9);
    const __m512i raised =
        _mm512_setr_epi32(-1, 4096, 2048, 2048, 4096, 2048, 2048, 0, -1, 4096, 2048, 2048, 4096,
                          2048, 2048, 0);
    __m512i sums = _mm512_sub_epi32(_mm512_permutex2var_epi32(halves, places, whole), raised);
    __m512i numbers = _mm512_castps_si512(_mm512_mul_ps(_mm512_cvtepi32_ps(sums), scales));
    numbers = _mm512_mask_sub_epi32(numbers, 0xF0F0, _mm512_setzero_si512(), sums);
    runs[0] = _mm512_inserti64x4(bytes, _mm512_castsi512_si256(numbers), 1);
    runs[1] = _mm512_shuffle_i64x2(bytes, numbers, 0xEE);
}

// What rounding a run left over, as a run.
static inline void qk_refine_run(const float *x, float inverse, float scale, qk_run *to) {
    _Alignas(64) float over[64] = {0};
    __m512i largest = _mm512_setzero_si512();
    for (size_t i = 0; i < 32; i += 16) {
        __m512 bytes = _mm512_cvtepi32_ps(qk_rounded(x + i, &inverse));
        __m512 rounded = _mm512_mul_ps(_mm512_set1_ps(scale), bytes);
        _mm512_store_ps(over + i, _mm512_sub_ps(_mm512_loadu_ps(x + i), rounded));
        largest = qk_larger(largest, qk_magnitudes(over + i));
    }
    float inverses[2] = {0};
    float size = qk_block_scale(_mm512_reduce_max_epu32(largest), inverses);
    __m512i runs[2];
    qk_round_pair(over, inverses, _mm512_set1_ps(size), runs);
    _mm512_stream_si512((void *)to, runs[0]);
}

// See round_chunk.h. The scales of all come first: they take long to divide, and what needs them
// would fill the core's queues meanwhile.
static uint32_t qk_round_chunks(const float *x, size_t chunks, const qk_activations *out,
                                size_t run, size_t second, float limit) {
    _Alignas(64) float scales[QK_CHUNKS * QK_CHUNK_RUNS], inverses[QK_CHUNKS * QK_CHUNK_RUNS];
    uint32_t refined = 0;
    for (size_t i = 0; i < chunks; i++) {
        __m256 scale = qk_scales_of_runs(x + i * QK_CHUNK, inverses + i * QK_CHUNK_RUNS);
        _mm256_store_ps(scales + i * QK_CHUNK_RUNS, scale);
        uint32_t above = _mm256_cmp_ps_mask(scale, _mm256_set1_ps(limit), _CMP_GT_OQ);
        refined |= above << (i * QK_CHUNK_RUNS);
    }
    qk_run *to = out->first + run;
    for (size_t i = 0; i < chunks * QK_CHUNK_RUNS; i += 2) {
        __m512 scale = _mm512_mask_blend_ps(0xFF00, _mm512_set1_ps(scales[i]),
                                            _mm512_set1_ps(scales[i + 1]));
        __m512i runs[2];
        qk_round_pair(x + 32 * i, inverses + i, scale, runs);
        _mm512_stream_si512((void *)(to + i), runs[0]);
        _mm512_stream_si512((void *)(to + i + 1), runs[1]);
    }
    if (out->refined_rows == 0) {
        return 0;
    }
    for (uint32_t rest = refined; rest != 0; rest &= rest - 1) {
        size_t i = (size_t)__builtin_ctz(rest);
        qk_refine_run(x + 32 * i, inverses[i], scales[i], out->first + second + i);
    }
    return refined;
}

static void qk_clear_run(const qk_activations *out, size_t run) {
    _mm512_stream_si512((void *)(out->first + run), _mm512_setzero_si512());
}

// Stores past the caches are not ordered with those that tell others of them.
static inline void qk_finish_row(void) { _mm_sfence(); }
