// The kernels on rows of floats, written once over a level's vector operations. A file of a level
// includes its vector header, then this, and sets the table's entries with fill_floats.
#include <math.h>
#include <string.h>

#include "CKernels.h"
#include "vectors/wide.h"

// Runs `BODY`, which turns the vectors `a` (and `b`) into `y`, over n elements.
#define EACH_1(x, BODY)                                   \
    size_t i = 0;                                         \
    for (; i + LANES <= n; i += LANES) {                  \
        vf a = v_load((x) + i), y;                        \
        BODY;                                             \
        v_store(out + i, y);                              \
    }                                                     \
    if (i < n) {                                          \
        vf a = v_load_partial((x) + i, n - i, 0), y;      \
        BODY;                                             \
        v_store_partial(out + i, y, n - i);               \
    }

#define EACH_2(x1, x2, BODY)                              \
    size_t i = 0;                                         \
    for (; i + LANES <= n; i += LANES) {                  \
        vf a = v_load((x1) + i), b = v_load((x2) + i), y; \
        BODY;                                             \
        v_store(out + i, y);                              \
    }                                                     \
    if (i < n) {                                          \
        vf a = v_load_partial((x1) + i, n - i, 0), y;     \
        vf b = v_load_partial((x2) + i, n - i, 0);        \
        BODY;                                             \
        v_store_partial(out + i, y, n - i);               \
    }

#define EACH_3(x1, x2, x3, BODY)                                                \
    size_t i = 0;                                                              \
    for (; i + LANES <= n; i += LANES) {                                       \
        vf a = v_load((x1) + i), b = v_load((x2) + i), c = v_load((x3) + i), y; \
        BODY;                                                                  \
        v_store(out + i, y);                                                   \
    }                                                                          \
    if (i < n) {                                                               \
        vf a = v_load_partial((x1) + i, n - i, 0), y;                          \
        vf b = v_load_partial((x2) + i, n - i, 0);                             \
        vf c = v_load_partial((x3) + i, n - i, 0);                             \
        BODY;                                                                  \
        v_store_partial(out + i, y, n - i);                                    \
    }

#include "rows/norms.h"
#include "rows/gates.h"

static void rope_neox(float *x, const float *cosines, const float *sines, size_t half) {
    float *first = x, *second = x + half;
    size_t i = 0;
    for (; i + LANES <= half; i += LANES) {
        vf a = v_load(first + i), b = v_load(second + i);
        vf c = v_load(cosines + i), s = v_load(sines + i);
        v_store(first + i, v_fnma(b, s, v_mul(a, c)));
        v_store(second + i, v_fma(a, s, v_mul(b, c)));
    }
    if (i < half) {
        size_t rest = half - i;
        vf a = v_load_partial(first + i, rest, 0), b = v_load_partial(second + i, rest, 0);
        vf c = v_load_partial(cosines + i, rest, 0), s = v_load_partial(sines + i, rest, 0);
        v_store_partial(first + i, v_fnma(b, s, v_mul(a, c)), rest);
        v_store_partial(second + i, v_fma(a, s, v_mul(b, c)), rest);
    }
}

static void rope_interleaved(float *x, const float *cosines, const float *sines, size_t half) {
    for (size_t i = 0; i < half; i++) {
        float a = x[2 * i], b = x[2 * i + 1], c = cosines[i], s = sines[i];
        x[2 * i] = a * c - b * s;
        x[2 * i + 1] = a * s + b * c;
    }
}

static void add(const float *x1, const float *x2, float *out, size_t n) {
    EACH_2(x1, x2, y = v_add(a, b))
}

static void scale(const float *x, float factor, float *out, size_t n) {
    const vf f = v_set1(factor);
    EACH_1(x, y = v_mul(a, f))
}

static void add_scaled(const float *x, float factor, float *out, size_t n) {
    const vf f = v_set1(factor);
    EACH_2(x, out, y = v_fma(a, f, b))
}

static void clamp(const float *x, float bound, float *out, size_t n) {
    const vf least = v_set1(-bound), most = v_set1(bound);
    EACH_1(x, y = v_min(most, v_max(least, a)))
}

static void soft_cap(const float *x, float cap, float *out, size_t n) {
    const vf c = v_set1(cap), inverse = v_set1(1 / cap);
    EACH_1(x, y = v_mul(c, v_tanh(v_mul(a, inverse))))
}

static void exponential(const float *x, float *out, size_t n) { EACH_1(x, y = v_exp(a)) }

#define CONVERT(in_type, out_type, load, store)                                  \
    size_t i = 0;                                                                \
    for (; i + LANES <= n; i += LANES) {                                         \
        store(out + i, load(x + i));                                             \
    }                                                                            \
    if (i < n) {                                                                 \
        in_type from[LANES] = {0};                                               \
        out_type to[LANES];                                                      \
        memcpy(from, x + i, (n - i) * sizeof(in_type));                          \
        store(to, load(from));                                                   \
        memcpy(out + i, to, (n - i) * sizeof(out_type));                         \
    }

static void f32_to_f16(const float *x, uint16_t *out, size_t n) {
    CONVERT(float, uint16_t, v_load, v_store_f16)
}
static void f16_to_f32(const uint16_t *x, float *out, size_t n) {
    CONVERT(uint16_t, float, v_load_f16, v_store)
}
static void f32_to_bf16(const float *x, uint16_t *out, size_t n) {
    CONVERT(float, uint16_t, v_load, v_store_bf16)
}
static void bf16_to_f32(const uint16_t *x, float *out, size_t n) {
    CONVERT(uint16_t, float, v_load_bf16, v_store)
}

// An infinite K or V would turn a masked key's 0 * v into NaN for its neighbours.
static inline void v_store_f16_finite(uint16_t *p, vf x) {
    v_store_f16(p, v_min(v_set1(65504), v_max(v_set1(-65504), x)));
}
static void f32_to_f16_finite(const float *x, uint16_t *out, size_t n) {
    CONVERT(float, uint16_t, v_load, v_store_f16_finite)
}

static void kv_store(const float *x, void *out, int32_t kv_type, size_t n) {
    switch (kv_type) {
    case QK_KV_F16:
        f32_to_f16_finite(x, out, n);
        break;
    case QK_KV_BF16:
        f32_to_bf16(x, out, n);
        break;
    default:
        memcpy(out, x, n * sizeof(float));
    }
}

static float maximum(const float *x, size_t n) {
    vw m0 = w_set1(-INFINITY), m1 = m0, m2 = m0, m3 = m0;
    size_t i = 0;
    for (; i + 4 * WIDE <= n; i += 4 * WIDE) {
        m0 = w_max(w_load(x + i), m0);
        m1 = w_max(w_load(x + i + WIDE), m1);
        m2 = w_max(w_load(x + i + 2 * WIDE), m2);
        m3 = w_max(w_load(x + i + 3 * WIDE), m3);
    }
    for (; i < n; i += WIDE) {
        size_t rest = n - i;
        vw a = rest >= WIDE ? w_load(x + i) : w_load_partial(x + i, rest, -INFINITY);
        m0 = w_max(a, m0);
    }
    return w_hmax(w_max(w_max(m0, m1), w_max(m2, m3)));
}

static size_t argmax(const float *x, size_t n) {
    float best = maximum(x, n);
    vf wanted = v_set1(best);
    size_t i = 0;
    while (i + LANES <= n && !v_any(v_equal(v_load(x + i), wanted))) {
        i += LANES;
    }
    for (; i < n; i++) {
        if (x[i] == best) {
            return i;
        }
    }
    return 0;  // nothing but NaN
}

static double log_sum_exp(const float *x, size_t n) {
    enum { CHUNK = 256 * WIDE };
    float best = maximum(x, n);
    if (isinf(best)) {
        return (double)best;
    }
    vw m = w_set1(best);
    double total = 0;
    for (size_t start = 0; start < n; start += CHUNK) {
        size_t end = start + CHUNK < n ? start + CHUNK : n;
        vw s = w_set1(0);
        for (size_t i = start; i < end; i += WIDE) {
            size_t rest = end - i;
            vw a = rest >= WIDE ? w_load(x + i) : w_load_partial(x + i, rest, -INFINITY);
            s = w_add(s, w_exp_difference(a, m));
        }
        total += (double)w_sum(s);
    }
    return (double)best + qk_log(total);
}

static void fill_floats(qk_table *table) {
    table->rms_norm = rms_norm;
    table->layer_norm = layer_norm;
    table->rope_neox = rope_neox;
    table->rope_interleaved = rope_interleaved;
    table->silu_multiply = silu_multiply;
    table->gelu_multiply = gelu_multiply;
    table->gelu_exact_multiply = gelu_exact_multiply;
    table->relu_multiply = relu_multiply;
    table->relu_squared_multiply = relu_squared_multiply;
    table->silu_clamped_multiply = silu_clamped_multiply;
    table->add = add;
    table->scale = scale;
    table->add_scaled = add_scaled;
    table->clamp = clamp;
    table->soft_cap = soft_cap;
    table->exp = exponential;
    table->f32_to_f16 = f32_to_f16;
    table->f16_to_f32 = f16_to_f32;
    table->f32_to_bf16 = f32_to_bf16;
    table->bf16_to_f32 = bf16_to_f32;
    table->max = maximum;
    table->argmax = argmax;
    table->log_sum_exp = log_sum_exp;
    table->kv_store = kv_store;
}
