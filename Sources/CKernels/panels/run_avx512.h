// A run of a panel with rows of activations. See panels/avx512.c for the order of the additions.

// A run of a panel, unpacked. Where the format's own runs are of 16 columns, scale and offset have
// an entry for each of the two.
typedef struct qk_unpacked {
    __m512i groups[8];
    __m512 scale[2], offset[2];
} qk_unpacked;

QK_INLINE qk_unpacked qk_unpack_run(qk_kind kind, const uint8_t *panel, size_t block) {
    size_t runs = qk_unit_columns(kind) / 32, b = block % runs;
    const uint8_t *unit = panel + block / runs * qk_unit_bytes(kind);
    qk_unpacked w;
    qk_groups(kind, unit, b, w.groups);
    w.offset[0] = w.offset[1] = w.scale[1] = _mm512_setzero_ps();
    qk_run_scales(kind, unit, kind.halves ? 2 * b : b, &w.scale[0], &w.offset[0]);
    if (kind.halves) {
        qk_run_scales(kind, unit, 2 * b + 1, &w.scale[1], &w.offset[1]);
    }
    return w;
}

// What a sum starts from: `count` times the bias that the format's integers have.
QK_INLINE __m512i qk_start(qk_kind kind, int32_t count) {
    if (qk_has_offset(kind)) {
        return _mm512_setzero_si512();
    }
    __m512i all = _mm512_set1_epi32(count);
    // A broadcast as it is loaded costs no slot; shifting before it would cost two.
    __asm__("" : "+v"(all));
    return _mm512_slli_epi32(all, (unsigned)kind.shift);
}

QK_INLINE __m512i qk_dot(__m512i sum, __m512i group, const int8_t *values) {
    int32_t four;
    memcpy(&four, values, sizeof four);
    return _mm512_dpbusd_epi32(sum, group, _mm512_set1_epi32(four));
}

// acc + a run of a panel with a row's run.
QK_INLINE __m512 qk_add_run(qk_kind kind, __m512 acc, const qk_unpacked *w,
                            const qk_run *x) {
    // Two chains: a sum waits for the one before it longer than a product takes.
    __m512i low = qk_start(kind, kind.halves ? x->half_counts[0] : x->count);
    __m512i high = kind.halves ? qk_start(kind, x->half_counts[1]) : _mm512_setzero_si512();
#pragma clang loop unroll(full)
    for (int k = 0; k < 4; k++) {
        low = qk_dot(low, w->groups[k], x->values + 4 * k);
        high = qk_dot(high, w->groups[4 + k], x->values + 16 + 4 * k);
    }
    __m512 by = _mm512_set1_ps(x->scale);
    if (kind.halves) {
        __m512 both = _mm512_mul_ps(_mm512_cvtepi32_ps(low), w->scale[0]);
        both = _mm512_fmadd_ps(_mm512_cvtepi32_ps(high), w->scale[1], both);
        acc = _mm512_fmadd_ps(both, by, acc);
    } else {
        __m512 sum = _mm512_cvtepi32_ps(_mm512_add_epi32(low, high));
        acc = _mm512_fmadd_ps(sum, _mm512_mul_ps(w->scale[0], by), acc);
    }
    if (qk_has_offset(kind) && kind.halves) {
        acc = _mm512_fmadd_ps(w->offset[0], _mm512_set1_ps(x->half_sums[0]), acc);
        acc = _mm512_fmadd_ps(w->offset[1], _mm512_set1_ps(x->half_sums[1]), acc);
    } else if (qk_has_offset(kind)) {
        acc = _mm512_fmadd_ps(w->offset[0], _mm512_set1_ps(x->sum), acc);
    }
    return acc;
}
