// A run of a panel with rows of activations, with AVX2, 8 outputs at a time. The same bits as with
// AVX-512: sums of a run are exact, and what follows are the same operations.

// Rows whose sums fit in registers beside a group, and with runs of 16, whose sums are more.
enum { QK_ROWS = 6, QK_ROWS_OF_HALVES = 4 };

// Groups whose products may be added up in 16 bits: a pair is up to 2 * 127 * the largest integer.
QK_INLINE int qk_groups_of_pairs(qk_panel_kind kind) {
    if (qk_is_signed(kind)) {
        return 1;
    }
    int groups = kind.bits <= 4 ? 8 : kind.bits == 5 ? 4 : 2;
    return kind.halves && groups > 4 ? 4 : groups;
}

// The products of a group with four activations, in pairs. vpmaddubsw wants one side unsigned:
// signed weights give their sign to the activations, which are never -128. 128 * 127 * 2 fits.
QK_INLINE __m256i qk_pairs(qk_panel_kind kind, __m256i group, const int8_t *values) {
    int32_t four;
    memcpy(&four, values, sizeof four);
    __m256i x = _mm256_set1_epi32(four);
    if (qk_is_signed(kind)) {
        return _mm256_maddubs_epi16(_mm256_abs_epi8(group), _mm256_sign_epi8(x, group));
    }
    return _mm256_maddubs_epi16(group, x);
}

// sums[r] += the products of the groups first ..< end with R rows from `row` on.
QK_INLINE void qk_add_groups(qk_panel_kind kind, const uint8_t *groups, qk_rows a,
                             int first, int end, __m256i *sums, const int R) {
    const int step = qk_groups_of_pairs(kind);
    for (int g = first; g < end; g += step) {
        __m256i pairs[QK_ROWS];
#pragma clang loop unroll(full)
        for (int k = g; k < g + step; k++) {
            __m256i group = qk_load(groups + 64 * k);
#pragma clang loop unroll(full)
            for (int r = 0; r < R; r++) {
                __m256i x = qk_pairs(kind, group, qk_run_at(a, 0, r)->values + 4 * k);
                pairs[r] = k == g ? x : _mm256_add_epi16(pairs[r], x);
            }
        }
#pragma clang loop unroll(full)
        for (int r = 0; r < R; r++) {
            __m256i fours = _mm256_madd_epi16(pairs[r], _mm256_set1_epi16(1));
            sums[r] = _mm256_add_epi32(sums[r], fours);
        }
    }
}

// What a sum starts from: `count` times the bias that the format's integers have.
QK_INLINE __m256i qk_start(qk_panel_kind kind, int32_t count) {
    if (qk_has_offset(kind) || qk_is_signed(kind)) {
        return _mm256_setzero_si256();
    }
    return _mm256_slli_epi32(_mm256_set1_epi32(count), kind.shift);
}

// acc[r] += a run of a panel with R rows, 8 outputs from `output` on.
QK_INLINE void qk_add_run(qk_panel_kind kind, const qk_unpacked *w, size_t output, qk_rows a,
                          float (*acc)[16], const int R) {
    const uint8_t *groups = w->groups + 4 * output;
    __m256 scale = _mm256_load_ps(w->scale[0] + output), both[QK_ROWS];
    __m256i sums[QK_ROWS];
#pragma clang loop unroll(full)
    for (int r = 0; r < R; r++) {
        const qk_run *x = qk_run_at(a, 0, r);
        sums[r] = qk_start(kind, kind.halves ? x->half_counts[0] : x->count);
    }
    qk_add_groups(kind, groups, a, 0, kind.halves ? 4 : 8, sums, R);
    if (kind.halves) {
#pragma clang loop unroll(full)
        for (int r = 0; r < R; r++) {
            both[r] = _mm256_mul_ps(_mm256_cvtepi32_ps(sums[r]), scale);
            sums[r] = qk_start(kind, qk_run_at(a, 0, r)->half_counts[1]);
        }
        scale = _mm256_load_ps(w->scale[1] + output);
        qk_add_groups(kind, groups, a, 4, 8, sums, R);
    }
#pragma clang loop unroll(full)
    for (int r = 0; r < R; r++) {
        const qk_run *x = qk_run_at(a, 0, r);
        __m256 by = _mm256_set1_ps(x->scale), sum = _mm256_cvtepi32_ps(sums[r]);
        __m256 total = _mm256_load_ps(acc[r] + output);
        if (kind.halves) {
            total = _mm256_fmadd_ps(_mm256_fmadd_ps(sum, scale, both[r]), by, total);
        } else {
            total = _mm256_fmadd_ps(sum, _mm256_mul_ps(scale, by), total);
        }
        for (int i = 0; qk_has_offset(kind) && i < (kind.halves ? 2 : 1); i++) {
            __m256 sums_of = _mm256_set1_ps(kind.halves ? x->half_sums[i] : x->sum);
            total = _mm256_fmadd_ps(_mm256_load_ps(w->offset[i] + output), sums_of, total);
        }
        _mm256_store_ps(acc[r] + output, total);
    }
}
