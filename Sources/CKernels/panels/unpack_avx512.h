// Unpacking a panel in registers: the groups of a run, and its scales. See panels/layout.h.

QK_INLINE __m512i qk_shift(__m512i x, int left) {
    return left == 0 ? x
        : left > 0   ? _mm512_slli_epi16(x, (unsigned)left)
                     : _mm512_srli_epi16(x, (unsigned)-left);
}

QK_INLINE __m512i qk_bits_of(__m512i x, int left, int mask) {
    return _mm512_and_si512(qk_shift(x, left), _mm512_set1_epi8((char)mask));
}

QK_INLINE __m512i qk_table16(const int8_t *table, int bias) {
    __m128i values = _mm_add_epi8(_mm_loadu_si128((const __m128i *)table),
                                  _mm_set1_epi8((char)bias));
    return _mm512_broadcast_i32x4(values);
}

// The eight groups of a run of 32 columns, run b of a unit.
QK_INLINE void qk_groups(qk_kind kind, const uint8_t *unit, size_t b, __m512i w[8]) {
    const uint8_t *first = qk_planes(kind, unit, b), *second = first + qk_second_plane(kind);
#pragma clang loop unroll(full)
    for (int k = 0; k < 8; k++) {
        __m512i u = _mm512_setzero_si512();
        if (kind.bits == 8) {
            u = _mm512_load_si512(first + 64 * (size_t)k);
        }
        if (kind.bits & 4) {
            __m512i x = _mm512_load_si512(first + 64 * (size_t)(k / 2));
            u = qk_bits_of(x, -4 * (k % 2), 15);
        }
        if (kind.bits == 2 || kind.bits == 3) {
            __m512i x = _mm512_load_si512(first + 64 * (size_t)(k / 4));
            u = qk_bits_of(x, -2 * (k % 4), 3);
        }
        if (kind.bits == 6) {
            __m512i x = _mm512_load_si512(second + 64 * (size_t)(k / 4));
            u = _mm512_or_si512(u, qk_bits_of(x, 4 - 2 * (k % 4), 0x30));
        }
        if (kind.bits == 5 || kind.bits == 3) {
            __m512i x = _mm512_load_si512(second);
            int to = kind.bits - 1;
            u = _mm512_or_si512(u, qk_bits_of(x, to - k, 1 << to));
        }
        if (kind.table != NULL) {
            u = _mm512_shuffle_epi8(qk_table16(kind.table, 1 << kind.shift), u);
        }
        w[k] = u;
    }
}

// The scales and offsets of a run, 16 rows each; `run` counts runs of 32 or 16 in the unit.
QK_INLINE void qk_run_scales(qk_kind kind, const uint8_t *s, size_t run, __m512 *scale,
                             __m512 *offset) {
    size_t runs = qk_unit_columns(kind) / (kind.halves ? 16 : 32);
#define QK_HALVES(at) _mm512_cvtph_ps(_mm256_load_si256((const __m256i *)(s + (at))))
#define QK_BYTES(at) _mm_load_si128((const __m128i *)(s + 64 + (at)))
    __m512 d, minimum;
    __m512i nibbles;
    switch (kind.scales) {
    case QK_SCALES_HALF:
        *scale = QK_HALVES(32 * run);
        break;
    case QK_SCALES_PAIR:
        *scale = QK_HALVES(64 * run);
        *offset = QK_HALVES(64 * run + 32);
        break;
    case QK_SCALES_POWER: {
        // 2^(e - 128), as qk_e8m0_half.
        __m512i e = _mm512_cvtepu8_epi32(_mm_load_si128((const __m128i *)(s + 16 * run)));
        __m512i normal = _mm512_slli_epi32(_mm512_sub_epi32(e, _mm512_set1_epi32(1)), 23);
        __m512i tiny = _mm512_sllv_epi32(_mm512_set1_epi32(0x00200000), e);
        __mmask16 small = _mm512_cmplt_epi32_mask(e, _mm512_set1_epi32(2));
        *scale = _mm512_castsi512_ps(_mm512_mask_mov_epi32(normal, small, tiny));
        break;
    }
    case QK_SCALES_SIGNED:
        d = QK_HALVES(0);
        *scale = _mm512_mul_ps(d, _mm512_cvtepi32_ps(_mm512_cvtepi8_epi32(QK_BYTES(16 * run))));
        break;
    case QK_SCALES_UNSIGNED:
        d = QK_HALVES(0);
        minimum = _mm512_xor_ps(QK_HALVES(32), _mm512_set1_ps(-0.0f));
        *scale = _mm512_mul_ps(d, _mm512_cvtepi32_ps(_mm512_cvtepu8_epi32(QK_BYTES(16 * run))));
        *offset = _mm512_mul_ps(
            minimum, _mm512_cvtepi32_ps(_mm512_cvtepu8_epi32(QK_BYTES(16 * (runs + run)))));
        break;
    case QK_SCALES_NIBBLES:
        d = QK_HALVES(0);
        minimum = _mm512_xor_ps(QK_HALVES(32), _mm512_set1_ps(-0.0f));
        nibbles = _mm512_cvtepu8_epi32(QK_BYTES(16 * run));
        *scale = _mm512_mul_ps(
            d, _mm512_cvtepi32_ps(_mm512_and_si512(nibbles, _mm512_set1_epi32(15))));
        *offset = _mm512_mul_ps(minimum, _mm512_cvtepi32_ps(_mm512_srli_epi32(nibbles, 4)));
        break;
    }
#undef QK_HALVES
#undef QK_BYTES
}
