// A run of a panel with a row of activations, in plain C: what every other level has the bits of.
#include "vectors/fused.h"

enum { QK_ROWS = 1 };  // at a time

// The sums of the groups first ..< end, for 16 outputs.
QK_INLINE void qk_add_groups(const qk_unpacked *w, const qk_run *x, size_t first, size_t end,
                             int32_t sums[16]) {
    memset(sums, 0, 16 * sizeof *sums);
    for (size_t k = first; k < end; k++) {
        const int8_t *group = w->groups + 64 * k, *four = x->values + 4 * k;
        for (size_t o = 0; o < 16; o++) {
            const int8_t *q = group + 4 * o;
            sums[o] += q[0] * four[0] + q[1] * four[1] + q[2] * four[2] + q[3] * four[3];
        }
    }
}

// acc[0] += a run of a panel with one row.
QK_INLINE void qk_add_run(qk_kind kind, const qk_unpacked *w, qk_rows a, float (*acc)[16],
                          const int R) {
    (void)R;
    const qk_run *x = a.runs;
    int32_t first[16], second[16];
    qk_add_groups(w, x, 0, kind.halves ? 4 : 8, first);
    if (kind.halves) {
        qk_add_groups(w, x, 4, 8, second);
    }
    for (size_t o = 0; o < 16; o++) {
        float sum = (float)first[o], total = acc[0][o];
        if (kind.halves) {
            float both = qk_fma((float)second[o], w->scale[1][o], sum * w->scale[0][o]);
            total = qk_fma(both, x->scale, total);
        } else {
            total = qk_fma(sum, w->scale[0][o] * x->scale, total);
        }
        if (qk_has_offset(kind)) {
            float values = kind.halves ? x->half_sums[0] : x->sum;
            total = qk_fma(w->offset[0][o], values, total);
        }
        if (qk_has_offset(kind) && kind.halves) {
            total = qk_fma(w->offset[1][o], x->half_sums[1], total);
        }
        acc[0][o] = total;
    }
}
