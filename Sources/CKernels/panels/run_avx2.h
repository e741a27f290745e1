// A run of a panel with rows of activations, with AVX2: two vectors of 8 outputs a row. The same
// bits as at all levels: sums of a run are exact, and what follows are the same operations. A level
// with a product of bytes that adds up in 32 bits defines QK_DPBUSD(sum, unsigned, signed) first.

enum { QK_PARTS = 2 };  // vectors of a group

// Rows whose sums fit in registers beside a group.
#ifdef QK_DPBUSD
enum { QK_ROWS = 6 };
#else
enum { QK_ROWS = 3 };
#endif

QK_INLINE __m256i qk_four(const int8_t *values) {
    int32_t four;
    memcpy(&four, values, sizeof four);
    return _mm256_set1_epi32(four);
}

#ifdef QK_DPBUSD
// sums += the products of the groups first ..< end with R rows.
QK_INLINE void qk_add_groups(qk_kind kind, const qk_unpacked *w, qk_rows a, int first, int end,
                             __m256i (*sums)[QK_PARTS], const int R) {
    (void)kind;
#pragma clang loop unroll(full)
    for (int k = first; k < end; k++) {
        __m256i group[QK_PARTS];
        // Otherwise the compiler broadcasts the activations of all groups first, to memory.
        __asm__ volatile("" : "+r"(a.runs));
        for (int i = 0; i < QK_PARTS; i++) {
            group[i] = qk_load(w->groups + 64 * k + 32 * i);
        }
#pragma clang loop unroll(full)
        for (int r = 0; r < R; r++) {
            __m256i x = qk_four(qk_run_at(a, 0, r)->values + 4 * k);
            for (int i = 0; i < QK_PARTS; i++) {
                sums[r][i] = QK_DPBUSD(sums[r][i], group[i], x);
            }
        }
    }
}
#else
// Groups whose products may be added up in 16 bits: a pair is up to 2 * 127 * the largest integer.
QK_INLINE int qk_groups_of_pairs(qk_kind kind) {
    if (qk_is_signed(kind)) {
        return 1;
    }
    int bits = kind.table != NULL ? kind.shift + 1 : kind.bits;
    int groups = bits <= 4 ? 8 : bits == 5 ? 4 : 2;
    return kind.halves && groups > 4 ? 4 : groups;
}

// The products of a group with four activations, in pairs. vpmaddubsw wants one side unsigned, and
// activations are never -128: 128 * 127 * 2 fits.
QK_INLINE __m256i qk_pairs(qk_kind kind, __m256i group, __m256i four) {
    return qk_is_signed(kind)
        ? _mm256_maddubs_epi16(_mm256_abs_epi8(group), _mm256_sign_epi8(four, group))
        : _mm256_maddubs_epi16(group, four);
}

// Integers of 8 bits: the products of their upper and lower halves, each added up in 16 bits.
QK_INLINE void qk_add_nibbles(const qk_unpacked *w, qk_rows a, int first, int end,
                              __m256i (*sums)[QK_PARTS], const int R) {
    __m256i pairs[QK_ROWS][QK_PARTS][2];
#pragma clang loop unroll(full)
    for (int k = first; k < end; k++) {
        __m256i four[QK_ROWS];
        // Otherwise the compiler broadcasts the activations of all groups first, to memory.
        __asm__ volatile("" : "+r"(a.runs));
#pragma clang loop unroll(full)
        for (int r = 0; r < R; r++) {
            four[r] = qk_four(qk_run_at(a, 0, r)->values + 4 * k);
        }
#pragma clang loop unroll(full)
        for (int i = 0; i < 2 * QK_PARTS; i++) {
            __m256i group = qk_load(w->groups + 128 * k + 32 * i);
#pragma clang loop unroll(full)
            for (int r = 0; r < R; r++) {
                __m256i x = _mm256_maddubs_epi16(group, four[r]), *to = &pairs[r][i % 2][i / 2];
                *to = k == first ? x : _mm256_add_epi16(*to, x);
            }
        }
    }
#pragma clang loop unroll(full)
    for (int r = 0; r < R; r++) {
        for (int i = 0; i < QK_PARTS; i++) {
            __m256i low = _mm256_madd_epi16(pairs[r][i][0], _mm256_set1_epi16(1));
            __m256i high = _mm256_madd_epi16(pairs[r][i][1], _mm256_set1_epi16(16));
            sums[r][i] = _mm256_add_epi32(sums[r][i], _mm256_add_epi32(low, high));
        }
    }
}

// sums += the products of the groups first ..< end with R rows.
QK_INLINE void qk_add_groups(qk_kind kind, const qk_unpacked *w, qk_rows a, int first, int end,
                             __m256i (*sums)[QK_PARTS], const int R) {
    if (qk_in_nibbles(kind)) {
        qk_add_nibbles(w, a, first, end, sums, R);
        return;
    }
    const int step = qk_groups_of_pairs(kind);
#pragma clang loop unroll(full)
    for (int g = first; g < end; g += step) {
        __m256i pairs[QK_ROWS][QK_PARTS];
        // Otherwise the compiler broadcasts the activations of all groups first, to memory.
        __asm__ volatile("" : "+r"(a.runs));
#pragma clang loop unroll(full)
        for (int k = g; k < g + step; k++) {
#pragma clang loop unroll(full)
            for (int r = 0; r < R; r++) {
                __m256i four = qk_four(qk_run_at(a, 0, r)->values + 4 * k);
                for (int i = 0; i < QK_PARTS; i++) {
                    __m256i x = qk_pairs(kind, qk_load(w->groups + 64 * k + 32 * i), four);
                    pairs[r][i] = k == g ? x : _mm256_add_epi16(pairs[r][i], x);
                }
            }
        }
#pragma clang loop unroll(full)
        for (int r = 0; r < R; r++) {
            for (int i = 0; i < QK_PARTS; i++) {
                __m256i fours = _mm256_madd_epi16(pairs[r][i], _mm256_set1_epi16(1));
                sums[r][i] = _mm256_add_epi32(sums[r][i], fours);
            }
        }
    }
}
#endif

// What a sum starts from: `count` times the bias that the format's integers have.
QK_INLINE __m256i qk_start(qk_kind kind, int32_t count) {
    if (qk_has_offset(kind) || qk_is_signed(kind)) {
        return _mm256_setzero_si256();
    }
    return _mm256_slli_epi32(_mm256_set1_epi32(count), kind.shift);
}

// Adds what a run gives, and its offset's part, to 8 outputs of a row. both: of its first half.
QK_INLINE void qk_add_sums(qk_kind kind, const qk_unpacked *w, size_t output,
                           const qk_run *x, __m256i sums, __m256 both, float *acc) {
    __m256 total = _mm256_load_ps(acc), sum = _mm256_cvtepi32_ps(sums);
    __m256 scale = _mm256_load_ps(w->scale[kind.halves] + output), by = _mm256_set1_ps(x->scale);
    if (kind.halves) {
        total = _mm256_fmadd_ps(_mm256_fmadd_ps(sum, scale, both), by, total);
    } else {
        total = _mm256_fmadd_ps(sum, _mm256_mul_ps(scale, by), total);
    }
    for (int i = 0; qk_has_offset(kind) && i < (kind.halves ? 2 : 1); i++) {
        __m256 values = _mm256_set1_ps(kind.halves ? x->half_sums[i] : x->sum);
        total = _mm256_fmadd_ps(_mm256_load_ps(w->offset[i] + output), values, total);
    }
    _mm256_store_ps(acc, total);
}

// acc[r] += a run of a panel with R rows.
QK_INLINE void qk_add_run(qk_kind kind, const qk_unpacked *w, qk_rows a, float (*acc)[16],
                          const int R) {
    __m256i sums[QK_ROWS][QK_PARTS];
    __m256 both[QK_ROWS][QK_PARTS];
#pragma clang loop unroll(full)
    for (int r = 0; r < R; r++) {
        const qk_run *x = qk_run_at(a, 0, r);
        sums[r][0] = sums[r][1] = qk_start(kind, kind.halves ? x->half_counts[0] : x->count);
    }
    qk_add_groups(kind, w, a, 0, kind.halves ? 4 : 8, sums, R);
#pragma clang loop unroll(full)
    for (int r = 0; r < R; r++) {
        for (size_t i = 0; i < QK_PARTS; i++) {
            __m256 scale = _mm256_load_ps(w->scale[0] + 8 * i);
            both[r][i] = kind.halves ? _mm256_mul_ps(_mm256_cvtepi32_ps(sums[r][i]), scale)
                                     : _mm256_setzero_ps();
        }
        if (kind.halves) {
            sums[r][0] = sums[r][1] = qk_start(kind, qk_run_at(a, 0, r)->half_counts[1]);
        }
    }
    if (kind.halves) {
        qk_add_groups(kind, w, a, 4, 8, sums, R);
    }
#pragma clang loop unroll(full)
    for (int r = 0; r < R; r++) {
        for (size_t i = 0; i < QK_PARTS; i++) {
            qk_add_sums(kind, w, 8 * i, qk_run_at(a, 0, r), sums[r][i], both[r][i],
                        acc[r] + 8 * i);
        }
    }
}
