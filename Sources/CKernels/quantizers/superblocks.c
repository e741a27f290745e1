// Formats in blocks of 256 weights. A run of 16 or 32 of them shares a step, and in Q4_K and Q5_K a
// minimum; these are integers in turn, of steps that the block has as halves.
//
// A run's step is searched for: each of some steps around the obvious one gives integers, integers
// give the best step by least squares, and the step with the smallest error is kept. Large weights
// count more in the sum, as they do in a product.
#include "quantizers/steps.h"

// What a run of 32 is made of: weight = step * integer - minimum.
typedef struct affine {
    float step, minimum;
} affine;

// Steps are tried whose largest integers would be so much more or less than the format's.
typedef struct trials {
    float top;         // the largest integer
    float first, gap;  // of the differences
    int count;
} trials;

// How much each weight counts: its magnitude, and the run's root mean square for all alike.
static void importances(const float *x, float *w) {
    float squares[QK_SUM_LANES] = {0};
    for (int i = 0; i < 32; i++) {
        squares[i % QK_SUM_LANES] += x[i] * x[i];
    }
    float all = sqrtf(qk_sum_of_lanes(squares) / 32);
    for (int i = 0; i < 32; i++) {
        w[i] = all + fabsf(x[i]);
    }
}

// The step and minimum of least squares for given integers. Minimums are not below 0.
static affine fitted(const float *x, const float *w, const float *q) {
    float sw[QK_SUM_LANES] = {0}, sx[QK_SUM_LANES] = {0}, sq[QK_SUM_LANES] = {0};
    float sqq[QK_SUM_LANES] = {0}, sxq[QK_SUM_LANES] = {0};
    for (int at = 0; at < 32; at += QK_SUM_LANES) {
        for (int l = 0; l < QK_SUM_LANES; l++) {
            float wq = w[at + l] * q[at + l];
            sw[l] += w[at + l];
            sx[l] += w[at + l] * x[at + l];
            sq[l] += wq;
            sqq[l] += wq * q[at + l];
            sxq[l] += wq * x[at + l];
        }
    }
    float ones = qk_sum_of_lanes(sw), xs = qk_sum_of_lanes(sx), qs = qk_sum_of_lanes(sq);
    float squares = qk_sum_of_lanes(sqq), products = qk_sum_of_lanes(sxq);
    float determinant = ones * squares - qs * qs;
    affine fit = {0};
    // Integers that are all the same tell nothing of a minimum.
    if (determinant > 0) {
        fit.step = (ones * products - xs * qs) / determinant;
        fit.minimum = (qs * products - squares * xs) / determinant;
    }
    if (!(fit.minimum > 0)) {
        fit = (affine){.step = squares > 0 ? products / squares : 0};
    }
    return fit;
}

static float error_of(affine a, const float *x, const float *w, const float *q) {
    float sum[QK_SUM_LANES] = {0};
    for (int at = 0; at < 32; at += QK_SUM_LANES) {
        for (int l = 0; l < QK_SUM_LANES; l++) {
            float d = a.step * q[at + l] - a.minimum - x[at + l];
            sum[l] += w[at + l] * d * d;
        }
    }
    return qk_sum_of_lanes(sum);
}

static affine best_affine(const float *x, const trials *t) {
    float w[32], q[32], low = 0, high = x[0];
    for (int i = 0; i < 32; i++) {
        low = x[i] < low ? x[i] : low;
        high = x[i] > high ? x[i] : high;
    }
    affine best = {.minimum = -low};
    if (!(high > low)) {
        return best;
    }
    importances(x, w);
    float least = INFINITY;
    for (int k = 0; k < t->count; k++) {
        float inverse = (t->top + t->first + t->gap * (float)k) / (high - low);
        for (int i = 0; i < 32; i++) {
            q[i] = qk_step((x[i] - low) * inverse, 0, t->top);
        }
        affine fit = fitted(x, w, q);
        float error = error_of(fit, x, w, q);
        if (error < least) {
            least = error;
            best = fit;
        }
    }
    return best;
}

// The largest of the steps over what its integer can be, as a half; 0 for what is no number.
static uint16_t half_step(const float *steps, int count, float top) {
    float most = 0;
    for (int i = 0; i < count; i++) {
        most = steps[i] > most ? steps[i] : most;
    }
    return qk_f16_from_f32(most / top);
}

// 8 pairs of six-bit integers in 12 bytes.
static void put_pairs(const uint8_t *scales, const uint8_t *minimums, uint8_t *out) {
    for (int j = 0; j < 4; j++) {
        out[j] = (uint8_t)(scales[j] | (scales[j + 4] >> 4) << 6);
        out[j + 4] = (uint8_t)(minimums[j] | (minimums[j + 4] >> 4) << 6);
        out[j + 8] = (uint8_t)((scales[j + 4] & 15) | (minimums[j + 4] & 15) << 4);
    }
}

// The integers of a run for a step and a minimum, and the error that they leave.
static float round_run(affine a, const float *x, const float *w, float top, float *q) {
    float inverse = qk_inverse(a.step);
    for (int i = 0; i < 32; i++) {
        q[i] = qk_step((x[i] + a.minimum) * inverse, 0, top);
    }
    return error_of(a, x, w, q);
}

// The integers of a run's step and minimum: the nearest ones, or those beside them where both
// together leave a smaller error.
static void choose_codes(const float *x, affine best, affine units, float top, uint8_t *codes,
                         uint8_t *quants) {
    float w[32], q[32], least = INFINITY;
    float step = qk_step(best.step * qk_inverse(units.step), 0, 63);
    float minimum = qk_step(best.minimum * qk_inverse(units.minimum), 0, 63);
    importances(x, w);
    for (int k = 0; k < 9; k++) {
        // The nearest first, so that they are kept where nothing is better.
        static const int8_t beside[9][2] = {{0, 0},  {0, -1},  {0, 1},  {-1, 0}, {1, 0},
                                            {-1, -1}, {-1, 1}, {1, -1}, {1, 1}};
        float s = qk_step(step + beside[k][0], 0, 63), m = qk_step(minimum + beside[k][1], 0, 63);
        affine a = {.step = units.step * s, .minimum = units.minimum * m};
        float error = round_run(a, x, w, top, q);
        if (error < least || k == 0) {
            least = error;
            codes[0] = (uint8_t)s;
            codes[1] = (uint8_t)m;
            for (int i = 0; i < 32; i++) {
                quants[i] = (uint8_t)q[i];
            }
        }
    }
}

// The first 16 bytes of Q4_K and Q5_K, and the integers of all weights.
static void quantize_affine(const float *x, const trials *t, uint8_t *out, uint8_t *quants) {
    affine best[8];
    float steps[8], minimums[8];
    for (int run = 0; run < 8; run++) {
        best[run] = best_affine(x + 32 * run, t);
        steps[run] = best[run].step;
        minimums[run] = best[run].minimum;
    }
    uint16_t step_half = half_step(steps, 8, 63), minimum_half = half_step(minimums, 8, 63);
    affine units = {qk_f32_from_f16(step_half), qk_f32_from_f16(minimum_half)};
    uint8_t step_codes[8], minimum_codes[8];
    for (int run = 0; run < 8; run++) {
        uint8_t codes[2];
        choose_codes(x + 32 * run, best[run], units, t->top, codes, quants + 32 * run);
        step_codes[run] = codes[0];
        minimum_codes[run] = codes[1];
    }
    qk_put_half(out, step_half);
    qk_put_half(out + 2, minimum_half);
    put_pairs(step_codes, minimum_codes, out + 4);
}

static void put_nibbles(const uint8_t *quants, uint8_t *out) {
    for (int group = 0; group < 4; group++) {
        for (int l = 0; l < 32; l++) {
            int low = quants[64 * group + l] & 15, high = quants[64 * group + 32 + l] & 15;
            out[32 * group + l] = (uint8_t)(low | high << 4);
        }
    }
}

void qk_quantize_q4_K(const float *x, uint8_t *out) {
    static const trials around = {.top = 15, .first = -1, .gap = 0.1f, .count = 21};
    uint8_t quants[256];
    quantize_affine(x, &around, out, quants);
    put_nibbles(quants, out + 16);
}

void qk_quantize_q5_K(const float *x, uint8_t *out) {
    static const trials around = {.top = 31, .first = -0.5f, .gap = 0.1f, .count = 16};
    uint8_t quants[256];
    quantize_affine(x, &around, out, quants);
    for (int l = 0; l < 32; l++) {
        int fifth = 0;
        for (int run = 0; run < 8; run++) {
            fifth |= (quants[32 * run + l] >> 4) << run;
        }
        out[16 + l] = (uint8_t)fifth;
    }
    put_nibbles(quants, out + 48);
}

// The step of least squares for 16 weights around 0, each counting as its square.
static float best_step(const float *x) {
    float extreme = 0, q[16], best = 0, most = 0;
    for (int i = 0; i < 16; i++) {
        extreme = fabsf(x[i]) > fabsf(extreme) ? x[i] : extreme;
    }
    if (!(fabsf(extreme) > 0x1p-120f)) {
        return 0;
    }
    for (int k = -9; k <= 9; k++) {
        float inverse = -(32 + 0.1f * (float)k) / extreme;
        float sqq[QK_SUM_LANES] = {0}, sxq[QK_SUM_LANES] = {0};
        for (int i = 0; i < 16; i++) {
            q[i] = qk_step(x[i] * inverse, -32, 31);
        }
        // Sums of weights over the largest one: squares of squares of small ones would be 0.
        float unit = 1 / extreme;
        for (int at = 0; at < 16; at += QK_SUM_LANES) {
            for (int l = 0; l < QK_SUM_LANES; l++) {
                float y = x[at + l] * unit, wq = y * y * q[at + l];
                sqq[l] += wq * q[at + l];
                sxq[l] += wq * y;
            }
        }
        float squares = qk_sum_of_lanes(sqq), products = qk_sum_of_lanes(sxq);
        // What the squared error falls by, against a step of 0.
        float gain = squares > 0 ? products * products / squares : 0;
        if (gain > most) {
            most = gain;
            best = products / squares * extreme;
        }
    }
    return best;
}

void qk_quantize_q6_K(const float *x, uint8_t *out) {
    float steps[16], extreme = 0;
    for (int run = 0; run < 16; run++) {
        steps[run] = best_step(x + 16 * run);
        extreme = fabsf(steps[run]) > fabsf(extreme) ? steps[run] : extreme;
    }
    // The largest one is -128, the one integer more that a byte has below 0.
    uint16_t half = qk_f16_from_f32(extreme / -128);
    float step = qk_f32_from_f16(half);
    int quants[256];
    for (int run = 0; run < 16; run++) {
        float code = qk_step(steps[run] * qk_inverse(step), -128, 127);
        float inverse = qk_inverse(step * code);
        out[192 + run] = (uint8_t)(int8_t)code;
        for (int i = 16 * run; i < 16 * run + 16; i++) {
            quants[i] = (int)qk_step(x[i] * inverse, -32, 31) + 32;
        }
    }
    for (int part = 0; part < 2; part++) {
        const int *q = quants + 128 * part;
        for (int l = 0; l < 32; l++) {
            int high = q[l] >> 4 | (q[l + 32] >> 4) << 2 | (q[l + 64] >> 4) << 4
                | (q[l + 96] >> 4) << 6;
            out[64 * part + l] = (uint8_t)((q[l] & 15) | (q[l + 64] & 15) << 4);
            out[64 * part + 32 + l] = (uint8_t)((q[l + 32] & 15) | (q[l + 96] & 15) << 4);
            out[128 + 32 * part + l] = (uint8_t)high;
        }
    }
    qk_put_half(out + 208, half);
}
