// A run of a panel with rows of activations. See panels_avx512.c for the order of the additions.

// Runs of the activations of one row, and how many runs away the next row is.
typedef struct qk_rows {
    const qk_run *runs;
    size_t stride;
} qk_rows;

QK_INLINE qk_rows qk_rows_from(const qk_activations *a, size_t row) {
    size_t stride = a->padded / 32;
    return (qk_rows){(const qk_run *)(const void *)a->values + row * stride, stride};
}

// Row r at run `run`. Three rows share a base, so that addresses fit in registers.
QK_INLINE const qk_run *qk_run_at(qk_rows a, size_t run, int r) {
    return a.runs + (size_t)(r / 3 * 3) * a.stride + run + (size_t)(r % 3) * a.stride;
}

QK_INLINE __m512i qk_four(const int8_t *values) {
    int32_t four;
    memcpy(&four, values, sizeof four);
    return _mm512_set1_epi32(four);
}

// What the products need to know of a format, in the kernels for many rows.
typedef struct qk_shape {
    bool halves;
    bool offset;
    __m512i shift;
} qk_shape;

// acc[r] += the products of a run's groups with the run of rows 0 ..< R; half: -1 for all of the
// run, 0 or 1 for 16 columns of it. A row at a time: the core overlaps them by itself, and the
// groups and all of acc stay in registers.
QK_INLINE void qk_add_run(qk_rows a, size_t run, const int half, qk_shape shape, const __m512i *w,
                          __m512 scale, __m512 offset, const int R, __m512 *acc) {
    const int first = half == 1 ? 4 : 0, last = half == 0 ? 4 : 8;
#pragma clang loop unroll(full)
    for (int r = 0; r < R; r++) {
        const qk_run *x = qk_run_at(a, run, r);
        __m512i sum = _mm512_setzero_si512();
        if (!shape.offset) {
            int32_t count = half < 0 ? x->count : x->half_counts[half];
            sum = _mm512_sllv_epi32(_mm512_set1_epi32(count), shape.shift);
        }
#pragma clang loop unroll(full)
        for (int k = first; k < last; k++) {
            sum = _mm512_dpbusd_epi32(sum, w[k], qk_four(x->values + 4 * k));
        }
        __m512 s = _mm512_mul_ps(scale, _mm512_set1_ps(x->scale));
        acc[r] = _mm512_fmadd_ps(_mm512_cvtepi32_ps(sum), s, acc[r]);
        if (shape.offset) {
            __m512 total = _mm512_set1_ps(half < 0 ? x->sum : x->half_sums[half]);
            acc[r] = _mm512_fmadd_ps(offset, total, acc[r]);
        }
    }
}

// The same with a whole run: scale and offset have two entries where the format's own runs are
// halves of it.
QK_INLINE void qk_add_block(qk_rows a, size_t run, qk_shape shape, const __m512i *w,
                            const __m512 *scale, const __m512 *offset, const int R, __m512 *acc) {
    if (shape.halves) {
        qk_add_run(a, run, 0, shape, w, scale[0], offset[0], R, acc);
        qk_add_run(a, run, 1, shape, w, scale[1], offset[1], R, acc);
    } else {
        qk_add_run(a, run, -1, shape, w, scale[0], offset[0], R, acc);
    }
}

// The refined runs among 32 from `first`, of any of the rows. To the others they add zeros.
QK_INLINE uint32_t qk_refined_runs(const qk_activations *a, size_t row, size_t rows,
                                   size_t first) {
    uint32_t any = 0;
    if (a->refined_rows > 0) {
        for (size_t r = 0; r < rows; r++) {
            any |= a->refined[(row + r) * qk_refined_words(a->padded) + first / 32];
        }
    }
    return any;
}
