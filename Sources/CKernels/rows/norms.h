// The norms of rows. Included by rows/body.h.
#ifndef QK_ROWS_NORMS_H
#define QK_ROWS_NORMS_H

// The sum over a row of what `TERM` makes of sixteen elements `x` and the sum so far `s`: four sums
// of sixteen lanes each take turns. The row's end is filled up with `padding`.
#define ROW_SUM(padding, TERM)                                              \
    vw sums[4] = {w_set1(0), w_set1(0), w_set1(0), w_set1(0)};              \
    size_t i = 0;                                                           \
    for (; i + 4 * WIDE <= n; i += 4 * WIDE) {                              \
        for (size_t j = 0; j < 4; j++) {                                    \
            vw x = w_load(row + i + j * WIDE), s = sums[j];                 \
            sums[j] = TERM;                                                 \
        }                                                                   \
    }                                                                       \
    for (; i + WIDE <= n; i += WIDE) {                                      \
        vw x = w_load(row + i), s = sums[0];                                \
        sums[0] = TERM;                                                     \
    }                                                                       \
    if (i < n) {                                                            \
        vw x = w_load_partial(row + i, n - i, padding), s = sums[1];        \
        sums[1] = TERM;                                                     \
    }                                                                       \
    return w_sum(w_add(w_add(sums[0], sums[1]), w_add(sums[2], sums[3])))

static float sum_of(const float *row, size_t n) { ROW_SUM(0, w_add(x, s)); }

static float sum_of_squares(const float *row, size_t n) { ROW_SUM(0, w_fma(x, x, s)); }

QK_WIDE vw add_square(vw x, vw mean, vw s) {
    EACH_PART {
        vf d = v_sub(x.part[i], mean.part[i]);
        s.part[i] = v_fma(d, d, s.part[i]);
    }
    return s;
}

// Of the distances from a mean.
static float sum_of_squares_about(const float *row, float mean, size_t n) {
    const vw middle = w_set1(mean);
    ROW_SUM(mean, add_square(x, middle, s));
}

static void rms_norm(const float *x, const float *weight, float epsilon, float *out, size_t n) {
    vf factor = v_set1(1.0f / sqrtf(sum_of_squares(x, n) / (float)n + epsilon));
    if (weight == NULL) {
        EACH_1(x, y = v_mul(a, factor))
    } else {
        EACH_2(x, weight, y = v_mul(v_mul(a, factor), b))
    }
}

// The variance is that about the mean, found first: it loses nothing where the mean is large.
static void layer_norm(const float *x, const float *weight, const float *bias, float epsilon,
                       float *out, size_t n) {
    float average = sum_of(x, n) / (float)n;
    float variance = sum_of_squares_about(x, average, n) / (float)n;
    const vf mean = v_set1(average), factor = v_set1(1.0f / sqrtf(variance + epsilon));
    if (weight == NULL) {
        EACH_1(x, y = v_mul(v_sub(a, mean), factor))
    } else if (bias == NULL) {
        EACH_2(x, weight, y = v_mul(v_mul(v_sub(a, mean), factor), b))
    } else {
        EACH_3(x, weight, bias, y = v_fma(v_mul(v_sub(a, mean), factor), b, c))
    }
}

#endif
