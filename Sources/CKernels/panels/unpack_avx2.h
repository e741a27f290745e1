// Unpacking a run of a panel with AVX2, to memory: 16 registers do not hold it beside sums. See
// panels/layout.h.

// How integers of 8 bits are multiplied where bytes are by pairs, which overflow 16 bits: as two of
// 4 bits, or, for a single row, which has unpacking to wait for, without their bias and with their
// sign given to the activations.
QK_INLINE bool qk_is_byte(qk_kind kind) {
#ifdef QK_DPBUSD
    (void)kind;
    return false;
#else
    return kind.shift == 7;
#endif
}
QK_INLINE bool qk_in_nibbles(qk_kind kind) { return qk_is_byte(kind) && !kind.lone; }
QK_INLINE bool qk_is_signed(qk_kind kind) { return qk_is_byte(kind) && kind.lone; }

// A run of a panel: 64 bytes of unsigned integers a group of four columns; of those in nibbles
// 64 bytes of the lower ones and 64 of the upper ones. Where the format's own runs are of 16
// columns, scale and offset have an entry for each of the two.
typedef struct qk_unpacked {
    _Alignas(64) uint8_t groups[8 * 128];
    _Alignas(64) float scale[2][16], offset[2][16];
} qk_unpacked;

QK_INLINE __m256i qk_load(const uint8_t *p) {
    return _mm256_load_si256((const __m256i *)(const void *)p);
}

QK_INLINE __m256i qk_bits_of(__m256i x, int left, int mask) {
    __m256i shifted = left == 0 ? x
        : left > 0              ? _mm256_slli_epi16(x, left)
                                : _mm256_srli_epi16(x, -left);
    return _mm256_and_si256(shifted, _mm256_set1_epi8((char)mask));
}

// Half a group (8 rows) of a run of 32 columns; `first` is the half of its first plane.
QK_INLINE __m256i qk_group(qk_kind kind, const uint8_t *first, size_t k) {
    const uint8_t *second = first + qk_second_plane(kind);
    __m256i u = _mm256_setzero_si256();
    if (kind.bits == 8) {
        u = qk_load(first + 64 * k);
    }
    if (kind.bits & 4) {
        u = qk_bits_of(qk_load(first + 64 * (k / 2)), -4 * (int)(k % 2), 15);
    }
    if (kind.bits == 2 || kind.bits == 3) {
        u = qk_bits_of(qk_load(first + 64 * (k / 4)), -2 * (int)(k % 4), 3);
    }
    if (kind.bits == 6) {
        __m256i x = qk_load(second + 64 * (k / 4));
        u = _mm256_or_si256(u, qk_bits_of(x, 4 - 2 * (int)(k % 4), 0x30));
    }
    if (kind.bits == 5 || kind.bits == 3) {
        int to = kind.bits - 1;
        u = _mm256_or_si256(u, qk_bits_of(qk_load(second), to - (int)k, 1 << to));
    }
    if (kind.table != NULL) {
        __m128i table = _mm_loadu_si128((const __m128i *)(const void *)kind.table);
        int bias = qk_is_signed(kind) ? 0 : 1 << kind.shift;
        table = _mm_add_epi8(table, _mm_set1_epi8((char)bias));
        return _mm256_shuffle_epi8(_mm256_broadcastsi128_si256(table), u);
    }
    return qk_is_signed(kind) ? _mm256_xor_si256(u, _mm256_set1_epi8((char)0x80)) : u;
}

// Keeps the half of group k that begins with row `row`.
QK_INLINE void qk_keep_group(qk_kind kind, __m256i group, size_t k, size_t row, qk_unpacked *w) {
    if (qk_in_nibbles(kind)) {
        uint8_t *to = w->groups + 128 * k + 4 * row;
        _mm256_store_si256((__m256i *)(void *)to, qk_bits_of(group, 0, 15));
        _mm256_store_si256((__m256i *)(void *)(to + 64), qk_bits_of(group, -4, 15));
    } else {
        _mm256_store_si256((__m256i *)(void *)(w->groups + 64 * k + 4 * row), group);
    }
}

// Eight floats of eight halves, or of eight bytes.
QK_INLINE __m256 qk_halves_at(const uint8_t *p) {
    return _mm256_cvtph_ps(_mm_load_si128((const __m128i *)(const void *)p));
}
QK_INLINE __m256i qk_bytes_at(const uint8_t *p, bool is_signed) {
    __m128i bytes = _mm_loadl_epi64((const __m128i *)(const void *)p);
    return is_signed ? _mm256_cvtepi8_epi32(bytes) : _mm256_cvtepu8_epi32(bytes);
}

// The scales and offsets of 8 rows, from `row` on; `run` counts runs of 32 or 16 in the unit.
QK_INLINE void qk_run_scales(qk_kind kind, const uint8_t *s, size_t run, size_t row,
                             float *scale, float *offset) {
    size_t runs = qk_unit_columns(kind) / (kind.halves ? 16 : 32);
    const uint8_t *bytes = s + 64 + row;
    const __m256 sign = _mm256_set1_ps(-0.0f);
    __m256 d = _mm256_setzero_ps(), minimum = d;
    if (qk_is_wide(kind)) {
        d = qk_halves_at(s + 2 * row);
        minimum = _mm256_xor_ps(qk_halves_at(s + 32 + 2 * row), sign);
    }
    switch (kind.scales) {
    case QK_SCALES_HALF:
        d = qk_halves_at(s + 32 * run + 2 * row);
        break;
    case QK_SCALES_PAIR:
        d = qk_halves_at(s + 64 * run + 2 * row);
        minimum = qk_halves_at(s + 64 * run + 32 + 2 * row);
        break;
    case QK_SCALES_POWER: {
        // 2^(e - 128), as qk_e8m0_half.
        __m256i e = qk_bytes_at(s + 16 * run + row, false);
        __m256i normal = _mm256_slli_epi32(_mm256_sub_epi32(e, _mm256_set1_epi32(1)), 23);
        __m256i tiny = _mm256_sllv_epi32(_mm256_set1_epi32(0x00200000), e);
        __m256i small = _mm256_cmpgt_epi32(_mm256_set1_epi32(2), e);
        d = _mm256_castsi256_ps(_mm256_blendv_epi8(normal, tiny, small));
        break;
    }
    case QK_SCALES_SIGNED:
        d = _mm256_mul_ps(d, _mm256_cvtepi32_ps(qk_bytes_at(bytes + 16 * run, true)));
        break;
    case QK_SCALES_UNSIGNED: {
        __m256i steps = qk_bytes_at(bytes + 16 * (runs + run), false);
        d = _mm256_mul_ps(d, _mm256_cvtepi32_ps(qk_bytes_at(bytes + 16 * run, false)));
        minimum = _mm256_mul_ps(minimum, _mm256_cvtepi32_ps(steps));
        break;
    }
    case QK_SCALES_NIBBLES: {
        __m256i both = qk_bytes_at(bytes + 16 * run, false);
        __m256i low = _mm256_and_si256(both, _mm256_set1_epi32(15));
        d = _mm256_mul_ps(d, _mm256_cvtepi32_ps(low));
        minimum = _mm256_mul_ps(minimum, _mm256_cvtepi32_ps(_mm256_srli_epi32(both, 4)));
        break;
    }
    }
    _mm256_store_ps(scale + row, d);
    if (qk_has_offset(kind)) {
        _mm256_store_ps(offset + row, minimum);
    }
}

QK_INLINE void qk_unpack_run(qk_kind kind, const uint8_t *panel, size_t block,
                             qk_unpacked *w) {
    size_t runs = qk_unit_columns(kind) / 32, b = block % runs;
    const uint8_t *unit = panel + block / runs * qk_unit_bytes(kind);
    const uint8_t *planes = qk_planes(kind, unit, b);
    int parts = kind.halves ? 2 : 1;
#pragma clang loop unroll(full)
    for (size_t row = 0; row < 16; row += 8) {
#pragma clang loop unroll(full)
        for (size_t k = 0; k < 8; k++) {
            qk_keep_group(kind, qk_group(kind, planes + 4 * row, k), k, row, w);
        }
#pragma clang loop unroll(full)
        for (int i = 0; i < parts; i++) {
            qk_run_scales(kind, unit, (size_t)parts * b + (size_t)i, row, w->scale[i],
                          w->offset[i]);
        }
    }
}
