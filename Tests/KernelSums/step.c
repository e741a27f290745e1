// Steps of the demo model, as the engine makes them (a model of the Llama family, all of whose
// matrices are Q8_0): what kernels get from each other, not from a generator. A sum for each
// operation, over all layers and steps.
#include "gguf.h"
#include "suite.h"

enum {
    LAYERS = 6, WIDTH = 192, HIDDEN = 384, HEADS = 6, KV_HEADS = 2, HEAD = 32, VOCABULARY = 1280,
    TOKENS = 20, BLOCK = 16, BLOCKS = 3,
    QUERY = HEADS * HEAD, KEY = KV_HEADS * HEAD, ROW = QUERY + 2 * KEY,
};

enum operation {
    EMBEDDING, NORM, ROUNDING, HEADS_INPUT, TURNED, ATTENTION, PROJECTION, RESIDUAL, GATE_AND_UP,
    GATED, DOWN, LOGITS, OPERATIONS,
};
static const char *const names[OPERATIONS] = {
    "embedding", "rms_norm", "quantize", "query, key and value", "turned queries and keys",
    "attention", "attention's output", "residual", "gate and up", "gated", "down", "logits",
};

typedef struct pass {
    suite *s;
    uint64_t sums[OPERATIONS];
    int kv_type;
    uint8_t *arena;  // a run of pages for each layer
    size_t page_bytes;
    double frequencies[HEAD / 2];
} pass;

static void note(pass *p, enum operation operation, const float *x, size_t n) {
    p->s->sum = p->sums[operation];
    for (size_t i = 0; i < n; i++) {
        suite_add_float(p->s, x[i]);
    }
    p->sums[operation] = p->s->sum;
}

static tensor weights(const pass *p, int layer, const char *name) {
    char full[64];
    snprintf(full, sizeof full, "blk.%d.%s.weight", layer, name);
    return gguf_tensor(p->s->model, layer < 0 ? name : full);
}

static void normed(pass *p, const float *x, tensor weight, size_t rows, float *out) {
    for (size_t r = 0; r < rows; r++) {
        p->s->table->rms_norm(x + r * WIDTH, (const float *)(const void *)weight.bytes, 1e-5f,
                              out + r * WIDTH, WIDTH);
    }
    note(p, NORM, out, rows * WIDTH);
}

// out[rows][stride], from a column on, of rows of x.
static void multiply(pass *p, enum operation operation, const float *x, size_t rows, tensor w,
                     float outlier, float *out, size_t stride) {
    activations a = activations_of(p->s, x, w.columns, rows, w.columns, outlier);
    for (size_t r = 0; r < rows; r++) {
        for (size_t run = 0; run < w.columns / 32; run++) {
            const qk_run *at = a.c.first + r * a.c.pitch + run;
            note(p, ROUNDING, &at->scale, 1);
            note(p, ROUNDING, &at->sum, 1);
        }
    }
    multiply_bytes(p->s, w.format, w.bytes, w.columns, w.rows, &a.c, rows, out, stride);
    free(a.memory);
    for (size_t r = 0; r < rows; r++) {
        note(p, operation, out + r * stride, w.rows);
    }
}

static qk_kv_head head_of(const pass *p, int layer, int64_t position, int head, bool keys) {
    size_t bytes = BLOCK * qk_kv_slot_bytes(p->kv_type, HEAD);
    size_t page_index = (size_t)layer * BLOCKS + (size_t)(position / BLOCK);
    uint8_t *page = p->arena + page_index * p->page_bytes;
    return (qk_kv_head){.start = page + (size_t)(2 * head + !keys) * bytes,
                        .keys = keys,
                        .kv_type = p->kv_type,
                        .head_dim = HEAD,
                        .block_size = BLOCK};
}

// Turns and keeps what a token has.
static void keep(pass *p, int layer, float *row, int64_t position) {
    const qk_table *t = p->s->table;
    float cosines[HEAD / 2], sines[HEAD / 2];
    qk_rotations((double)position, p->frequencies, HEAD / 2, 1, cosines, sines);
    for (int h = 0; h < HEADS + KV_HEADS; h++) {
        t->rope_interleaved(row + h * HEAD, cosines, sines, HEAD / 2);
    }
    note(p, TURNED, row, QUERY + KEY);
    for (int h = 0; h < KV_HEADS; h++) {
        qk_kv_head keys = head_of(p, layer, position, h, true);
        qk_kv_head values = head_of(p, layer, position, h, false);
        qk_kv_write(t, &keys, row + QUERY + h * HEAD, (size_t)(position % BLOCK));
        qk_kv_write(t, &values, row + QUERY + KEY + h * HEAD, (size_t)(position % BLOCK));
    }
}

static void attend(pass *p, int layer, const float *q, size_t rows, int64_t first, float *out) {
    static const uint32_t table[BLOCKS] = {0, 1, 2};
    const int group = HEADS / KV_HEADS;
    size_t bytes = BLOCK * qk_kv_slot_bytes(p->kv_type, HEAD);
    float *scratch =
        suite_zeros(sizeof(float) * qk_attention_scratch(HEAD, rows * (size_t)group));
    for (int h = 0; h < KV_HEADS; h++) {
        qk_attention a = {.q = q + h * group * HEAD,
                          .q_stride = ROW,
                          .out = out + h * group * HEAD,
                          .out_stride = QUERY,
                          .queries = (int32_t)rows,
                          .group = group,
                          .head_dim = HEAD,
                          .first_position = first,
                          .arena = p->arena + (size_t)layer * BLOCKS * p->page_bytes,
                          .page_bytes = p->page_bytes,
                          .key_offset = (size_t)(2 * h) * bytes,
                          .value_offset = (size_t)(2 * h + 1) * bytes,
                          .table = table,
                          .block_size = BLOCK,
                          .kv_type = p->kv_type,
                          .scale = 0x1.6a09e6p-3f,  // 1 / sqrt(HEAD)
                          .scratch = scratch};
        p->s->table->attention(&a);
    }
    free(scratch);
    note(p, ATTENTION, out, rows * QUERY);
}

static void add(pass *p, float *x, const float *h, size_t rows) {
    for (size_t r = 0; r < rows; r++) {
        p->s->table->add(x + r * WIDTH, h + r * WIDTH, x + r * WIDTH, WIDTH);
    }
    note(p, RESIDUAL, x, rows * WIDTH);
}

static float *buffer(pass *p, size_t rows, size_t columns) {
    float *x = suite_zeros(rows * columns * sizeof *x);
    memset(x, p->s->poison, rows * columns * sizeof *x);
    return x;
}

static void layer(pass *p, int i, float *x, size_t rows, int64_t first) {
    float *h = buffer(p, rows, WIDTH), *row = buffer(p, rows, ROW), *found = buffer(p, rows, QUERY);
    float *gate = buffer(p, rows, HIDDEN), *up = buffer(p, rows, HIDDEN);
    normed(p, x, weights(p, i, "attn_norm"), rows, h);
    multiply(p, HEADS_INPUT, h, rows, weights(p, i, "attn_q"), 8, row, ROW);
    multiply(p, HEADS_INPUT, h, rows, weights(p, i, "attn_k"), 8, row + QUERY, ROW);
    multiply(p, HEADS_INPUT, h, rows, weights(p, i, "attn_v"), 8, row + QUERY + KEY, ROW);
    for (size_t r = 0; r < rows; r++) {
        keep(p, i, row + r * ROW, first + (int64_t)r);
    }
    attend(p, i, row, rows, first, found);
    multiply(p, PROJECTION, found, rows, weights(p, i, "attn_output"), -1, h, WIDTH);
    add(p, x, h, rows);
    normed(p, x, weights(p, i, "ffn_norm"), rows, h);
    multiply(p, GATE_AND_UP, h, rows, weights(p, i, "ffn_gate"), -1, gate, HIDDEN);
    multiply(p, GATE_AND_UP, h, rows, weights(p, i, "ffn_up"), -1, up, HIDDEN);
    p->s->table->silu_multiply(gate, up, gate, rows * HIDDEN);
    note(p, GATED, gate, rows * HIDDEN);
    multiply(p, DOWN, gate, rows, weights(p, i, "ffn_down"), 12, h, WIDTH);
    add(p, x, h, rows);
    free(h), free(row), free(found), free(gate), free(up);
}

// A step of so many tokens; returns the likeliest next one.
static uint32_t step(pass *p, const uint32_t *tokens, size_t rows, int64_t first) {
    const qk_table *t = p->s->table;
    tensor embedding = weights(p, -1, "token_embd.weight");
    float *x = buffer(p, rows, WIDTH), *last = buffer(p, 1, WIDTH);
    float *logits = buffer(p, 1, VOCABULARY);
    for (size_t r = 0; r < rows; r++) {
        qk_format_of(t, embedding.format)
            ->dequantize(embedding.bytes + tokens[r] * (WIDTH / 32 * 34), x + r * WIDTH, WIDTH);
    }
    note(p, EMBEDDING, x, rows * WIDTH);
    for (int i = 0; i < LAYERS; i++) {
        layer(p, i, x, rows, first);
    }
    normed(p, x + (rows - 1) * WIDTH, weights(p, -1, "output_norm.weight"), 1, last);
    multiply(p, LOGITS, last, 1, embedding, -1, logits, VOCABULARY);
    size_t token = t->argmax(logits, VOCABULARY);
    free(x), free(logits), free(last);
    return (uint32_t)token;
}

// A story's first tokens, one by one; then all of them again as a prompt.
static pass story(suite *s, int kv_type) {
    pass p = {.s = s, .kv_type = kv_type};
    p.page_bytes = 2 * KV_HEADS * BLOCK * qk_kv_slot_bytes(kv_type, HEAD);
    p.arena = suite_zeros(LAYERS * BLOCKS * p.page_bytes);
    for (int i = 0; i < HEAD / 2; i++) {
        p.frequencies[i] = 1 / qk_power(10000, (double)(2 * i) / HEAD);
    }
    uint32_t tokens[TOKENS + 1] = {0};
    for (int i = 0; i < TOKENS; i++) {
        tokens[i + 1] = step(&p, tokens + i, 1, i);
    }
    free(p.arena);
    p.arena = suite_zeros(LAYERS * BLOCKS * p.page_bytes);
    step(&p, tokens, TOKENS, 0);
    free(p.arena);
    return p;
}

void step_cases(suite *s) {
    static const struct {
        const char *name;
        int type;
    } types[] = {{"f16", QK_KV_F16}, {"bf16", QK_KV_BF16}, {"int8", QK_KV_INT8}};
    for (size_t i = 0; i < sizeof types / sizeof *types; i++) {
        s->poison = 0xFF;
        pass first = story(s, types[i].type);
        s->poison = 0x3C;
        pass second = story(s, types[i].type);
        for (int o = 0; o < OPERATIONS; o++) {
            char name[64];
            snprintf(name, sizeof name, "demo model, %s: %s", types[i].name, names[o]);
            s->report(s->context, name, first.sums[o] == second.sums[o] ? first.sums[o] : 0);
        }
    }
}
