#include "suite.h"

static const size_t sizes[] = {1,  2,  3,  4,  5,  7,   8,   9,   15,  16,  17,   31,  32,
                               33, 47, 63, 64, 65, 100, 128, 255, 256, 257, 640, 1000, 1056};
enum { SIZES = sizeof sizes / sizeof *sizes, TIMES = 12 };

enum operation {
    RMS_NORM, RMS_NORM_PLAIN, ROPE_NEOX, ROPE_INTERLEAVED, SILU, GELU, ADD, SCALE, SOFT_CAP, EXP,
    TO_F16, FROM_F16, TO_BF16, FROM_BF16, MAX, ARGMAX, LOG_SUM_EXP, STORE_F16, STORE_BF16,
    STORE_F32, LAYER_NORM, LAYER_NORM_WEIGHTED, LAYER_NORM_PLAIN, GELU_EXACT, RELU, RELU_SQUARED,
    SILU_CLAMPED, SILU_ALONE, GELU_ALONE, GELU_EXACT_ALONE, RELU_ALONE, RELU_SQUARED_ALONE,
    SILU_CLAMPED_ALONE, CLAMP, ADD_SCALED, OPERATIONS,
};

static const char *const names[OPERATIONS] = {
    "rms_norm", "rms_norm without weights", "rope_neox", "rope_interleaved", "silu_multiply",
    "gelu_multiply", "add", "scale", "soft_cap", "exp", "f32_to_f16", "f16_to_f32", "f32_to_bf16",
    "bf16_to_f32", "max", "argmax", "log_sum_exp", "kv_store f16", "kv_store bf16", "kv_store f32",
    "layer_norm", "layer_norm without bias", "layer_norm without weights", "gelu_exact_multiply",
    "relu_multiply", "relu_squared_multiply", "silu_clamped_multiply", "silu alone", "gelu alone",
    "gelu_exact alone", "relu alone", "relu_squared alone", "silu_clamped alone", "clamp",
    "add_scaled",
};

// What turns pairs: in place, 2 n floats.
static void turn(suite *s, int operation, size_t n, int kind) {
    float *x = suite_output(s, 2 * n * sizeof *x);
    float *cosines = suite_zeros(n * sizeof *x), *sines = suite_zeros(n * sizeof *x);
    suite_floats(s, x, 2 * n, kind);
    suite_floats(s, cosines, n, USUAL);
    suite_floats(s, sines, n, USUAL);
    (operation == ROPE_NEOX ? s->table->rope_neox : s->table->rope_interleaved)(x, cosines, sines,
                                                                                n);
    free(cosines);
    free(sines);
    suite_take_floats(s, x, 2 * n);
}

// From floats to floats.
static void map(suite *s, int operation, size_t n, int kind) {
    const qk_table *t = s->table;
    float *a = suite_zeros(n * sizeof *a), *b = suite_zeros(n * sizeof *b);
    float *bias = suite_zeros(n * sizeof *bias), *out = suite_output(s, n * sizeof *out);
    suite_floats(s, a, n, kind);
    suite_floats(s, b, n, USUAL);
    if (operation == LAYER_NORM) {
        suite_floats(s, bias, n, USUAL);
    }
    switch (operation) {
    case RMS_NORM: t->rms_norm(a, b, 1e-6f, out, n); break;
    case RMS_NORM_PLAIN: t->rms_norm(a, NULL, 1e-5f, out, n); break;
    case SILU: t->silu_multiply(a, b, out, n); break;
    case GELU: t->gelu_multiply(a, b, out, n); break;
    case ADD: t->add(a, b, out, n); break;
    case SCALE: t->scale(a, 0.7071067f, out, n); break;
    case SOFT_CAP: t->soft_cap(a, 30, out, n); break;
    case EXP: t->exp(a, out, n); break;
    case LAYER_NORM: t->layer_norm(a, b, bias, 1e-5f, out, n); break;
    case LAYER_NORM_WEIGHTED: t->layer_norm(a, b, NULL, 1e-5f, out, n); break;
    case LAYER_NORM_PLAIN: t->layer_norm(a, NULL, NULL, 1e-5f, out, n); break;
    case GELU_EXACT: t->gelu_exact_multiply(a, b, out, n); break;
    case RELU: t->relu_multiply(a, b, out, n); break;
    case RELU_SQUARED: t->relu_squared_multiply(a, b, out, n); break;
    case SILU_CLAMPED: t->silu_clamped_multiply(a, b, out, n); break;
    case SILU_ALONE: t->silu_multiply(a, NULL, out, n); break;
    case GELU_ALONE: t->gelu_multiply(a, NULL, out, n); break;
    case GELU_EXACT_ALONE: t->gelu_exact_multiply(a, NULL, out, n); break;
    case RELU_ALONE: t->relu_multiply(a, NULL, out, n); break;
    case RELU_SQUARED_ALONE: t->relu_squared_multiply(a, NULL, out, n); break;
    case SILU_CLAMPED_ALONE: t->silu_clamped_multiply(a, NULL, out, n); break;
    case ADD_SCALED:
        memcpy(out, b, n * sizeof *out);
        t->add_scaled(a, 0.7071067f, out, n);
        break;
    case CLAMP: t->clamp(a, 0.75f, out, n); break;
    default: t->kv_store(a, out, QK_KV_F32, n);
    }
    free(a);
    free(b);
    free(bias);
    suite_take_floats(s, out, n);
}

// Between floats and 16 bits; all bits count, also of NaN.
static void convert(suite *s, int operation, size_t n, int kind) {
    const qk_table *t = s->table;
    float *a = suite_zeros(n * sizeof *a);
    uint16_t *halves = suite_zeros(n * sizeof *halves);
    suite_floats(s, a, n, kind);
    for (size_t i = 0; i < n; i++) {
        halves[i] = (uint16_t)suite_bits(s);
    }
    bool narrows = operation != FROM_F16 && operation != FROM_BF16;
    size_t bytes = n * (narrows ? sizeof(uint16_t) : sizeof(float));
    void *out = suite_output(s, bytes);
    switch (operation) {
    case TO_F16: t->f32_to_f16(a, out, n); break;
    case FROM_F16: t->f16_to_f32(halves, out, n); break;
    case TO_BF16: t->f32_to_bf16(a, out, n); break;
    case FROM_BF16: t->bf16_to_f32(halves, out, n); break;
    case STORE_F16: t->kv_store(a, out, QK_KV_F16, n); break;
    default: t->kv_store(a, out, QK_KV_BF16, n);
    }
    free(a);
    free(halves);
    suite_take(s, out, bytes);
}

// To one number.
static void reduce(suite *s, int operation, size_t n, int kind) {
    // More than the runs that are added up by themselves.
    n = n == 1056 ? 9001 : n;
    float *a = suite_zeros(n * sizeof *a);
    suite_floats(s, a, n, kind);
    switch (operation) {
    case MAX: suite_add_float(s, s->table->max(a, n)); break;
    case ARGMAX: suite_add(s, s->table->argmax(a, n)); break;
    default: suite_add_double(s, s->table->log_sum_exp(a, n));
    }
    free(a);
}

static void each_size(suite *s, int operation, int kind) {
    // Several times: a sum in another order often is the same one.
    for (int i = 0; i < TIMES * SIZES; i++) {
        size_t n = sizes[i % SIZES];
        switch (operation) {
        case ROPE_NEOX:
        case ROPE_INTERLEAVED: turn(s, operation, n, kind); break;
        case TO_F16:
        case FROM_F16:
        case TO_BF16:
        case FROM_BF16:
        case STORE_F16:
        case STORE_BF16: convert(s, operation, n, kind); break;
        case MAX:
        case ARGMAX:
        case LOG_SUM_EXP: reduce(s, operation, n, kind); break;
        default: map(s, operation, n, kind);
        }
    }
}

void rows_cases(suite *s) {
    static const char *const kinds[KINDS] = {"", ", wide", ", odd values"};
    for (int operation = 0; operation < OPERATIONS; operation++) {
        for (int kind = 0; kind < KINDS; kind++) {
            char name[64];
            snprintf(name, sizeof name, "%s%s", names[operation], kinds[kind]);
            suite_case(s, name, each_size, operation, kind);
        }
    }
}
