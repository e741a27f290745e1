// The activations of feed-forward networks. Included by rows/body.h.
#ifndef QK_ROWS_GATES_H
#define QK_ROWS_GATES_H

// silu(g) = g / (1 + exp(-g))
static inline vf v_silu(vf g) {
    return v_div(g, v_add(v_set1(1), v_exp(v_sub(v_set1(0), g))));
}

// gelu(g) = g / 2 (1 + tanh(u)) = g / (1 + exp(-2u)), with u = sqrt(2 / pi) (g + 0.044715 g^3)
static inline vf v_gelu(vf g) {
    vf cubic = v_fma(v_mul(v_mul(g, g), v_set1(0.044715f)), g, g);
    vf e = v_exp(v_mul(cubic, v_set1(-1.5957691216057308f)));
    return v_div(g, v_add(v_set1(1), e));
}

// gelu(g) = g / 2 (1 + erf(g / sqrt(2))): g times the share of a normal distribution below g.
//
// The share beyond a = |g| is exp(-a^2 / 2) t p(t), t = 1 / (1 + a / 4): p has the least largest
// relative error of its degree, 8e-9, for a up to 13.5, beyond which the share is no longer a
// normal number. What a^2 loses in rounding is put back, or the tail would lose five bits.
static inline vf v_gelu_exact(vf g) {
    const float p[10] = {0x1.0a00ccp-6f, -0x1.f29796p-5f, 0x1.80a89ap-5f, 0x1.1e480ep-5f,
                         0x1.ceb0f6p-8f, 0x1.6ff9b4p-4f,  0x1.2229d2p-4f, 0x1.884f58p-4f,
                         0x1.976222p-4f, 0x1.989336p-4f};
    // Here exp is 0 already, and squares do not overflow. NaN stays.
    vf a = v_min(v_set1(15), v_abs(g)), half = v_mul(a, v_set1(0.5f));
    vf t = v_div(v_set1(1), v_fma(a, v_set1(0.25f), v_set1(1)));
    vf sum = v_set1(p[0]);
    for (int i = 1; i < 10; i++) {
        sum = v_fma(sum, t, v_set1(p[i]));
    }
    vf square = v_mul(a, half), lost = v_fnma(a, half, square);  // square - a * half
    vf e = v_exp(v_sub(v_set1(0), square)), part = v_mul(sum, t);
    e = v_fma(e, lost, e);
    // g first: the share alone may be subnormal where the product is not.
    vf below = v_mul(v_mul(g, e), part), above = v_mul(g, v_sub(v_set1(1), v_mul(e, part)));
    return v_select(v_less(g, v_set1(0)), below, above);
}

static inline vf v_relu(vf g) { return v_max(v_set1(0), g); }

static inline vf v_relu_squared(vf g) { return v_mul(v_relu(g), v_relu(g)); }

// activation(gate) * up; without `up`: activation(gate).
#define GATE(name, activation)                                                               \
    static void name##_multiply(const float *gate, const float *up, float *out, size_t n) {  \
        if (up == NULL) {                                                                    \
            EACH_1(gate, y = activation(a))                                                  \
        } else {                                                                             \
            EACH_2(gate, up, y = v_mul(activation(a), b))                                    \
        }                                                                                    \
    }

GATE(silu, v_silu)
GATE(gelu, v_gelu)
GATE(gelu_exact, v_gelu_exact)
GATE(relu, v_relu)
GATE(relu_squared, v_relu_squared)

// The gate of gpt-oss: g sigmoid(1.702 g) of g up to 7, times 1 + up, with up within -7...7.
static inline vf v_silu_clamped(vf g) {
    g = v_min(v_set1(7), g);
    return v_div(g, v_add(v_set1(1), v_exp(v_mul(g, v_set1(-1.702f)))));
}
static inline vf v_lifted(vf up) {
    return v_add(v_min(v_set1(7), v_max(v_set1(-7), up)), v_set1(1));
}

static void silu_clamped_multiply(const float *gate, const float *up, float *out, size_t n) {
    if (up == NULL) {
        EACH_1(gate, y = v_silu_clamped(a))
    } else {
        EACH_2(gate, up, y = v_mul(v_silu_clamped(a), v_lifted(b)))
    }
}

#endif
