#include "suite.h"

// One KV head of a request: what attends, over how many positions.
typedef struct request {
    int64_t context;  // positions; the last `queries` of them attend
    int queries, group;
    int64_t block_size, window;
    float soft_cap;
    int level;  // below 0: one item; otherwise items of 2^level parts each
    int terms;
} request;

// What a request's scores have besides; of a set.
enum { SINKS = 1, SLOPES = 2, CHUNKS = 4, LATENT = 8 };

static const request requests[] = {
    {.context = 1, .queries = 1, .group = 1, .block_size = 16, .level = -1},
    {.context = 37, .queries = 5, .group = 2, .block_size = 16, .level = -1},
    {.context = 70, .queries = 70, .group = 1, .block_size = 32, .level = -1},
    {.context = 129, .queries = 2, .group = 7, .block_size = 16, .soft_cap = 20, .level = -1},
    {.context = 200, .queries = 9, .group = 3, .block_size = 5, .level = -1},
    {.context = 333, .queries = 3, .group = 4, .block_size = 16, .window = 100, .level = -1},
    {.context = 900, .queries = 1, .group = 3, .block_size = 64, .level = -1},
    {.context = 900, .queries = 1, .group = 3, .block_size = 64, .level = 0},
    {.context = 1100, .queries = 2, .group = 2, .block_size = 16, .window = 700, .level = 1},
};
enum { REQUESTS = sizeof requests / sizeof *requests };

static const request termed[] = {
    {.context = 1, .queries = 1, .group = 2, .block_size = 16, .level = -1, .terms = SINKS},
    {.context = 150, .queries = 5, .group = 7, .block_size = 16, .level = -1, .terms = SINKS},
    {.context = 900, .queries = 1, .group = 3, .block_size = 64, .level = 0, .terms = SINKS},
    {.context = 150, .queries = 70, .group = 1, .block_size = 32, .level = -1, .terms = SLOPES},
    {.context = 700, .queries = 2, .group = 3, .block_size = 5, .level = -1, .terms = SLOPES},
    {.context = 900, .queries = 1, .group = 3, .block_size = 16, .level = 0, .terms = SLOPES},
    {.context = 333, .queries = 40, .group = 2, .block_size = 16, .window = 100, .level = -1,
     .terms = CHUNKS},
    {.context = 900, .queries = 3, .group = 2, .block_size = 16, .window = 400, .level = 0,
     .terms = CHUNKS},
    {.context = 400, .queries = 9, .group = 4, .block_size = 16, .window = 130, .soft_cap = 5,
     .level = -1, .terms = SINKS | SLOPES},
};
enum { TERMED = sizeof termed / sizeof *termed };

// Over keys of which the first seven eighths are values too.
static const request latent[] = {
    {.context = 1, .queries = 1, .group = 16, .block_size = 16, .level = -1, .terms = LATENT},
    {.context = 150, .queries = 2, .group = 16, .block_size = 16, .level = -1, .terms = LATENT},
    {.context = 70, .queries = 9, .group = 3, .block_size = 32, .level = -1, .terms = LATENT},
    {.context = 200, .queries = 3, .group = 5, .block_size = 5, .level = -1, .terms = LATENT},
    {.context = 900, .queries = 1, .group = 16, .block_size = 64, .level = 0, .terms = LATENT},
};
enum { LATENTS = sizeof latent / sizeof *latent };

// The request's pages, which lie in an order of their own, with keys and values in them.
static uint8_t *pages(suite *s, const request *r, int kv_type, size_t head_dim, uint32_t *table,
                      int kind) {
    size_t blocks = (size_t)((r->context + r->block_size - 1) / r->block_size);
    size_t head_bytes = (size_t)r->block_size * qk_kv_slot_bytes(kv_type, head_dim);
    uint8_t *arena = suite_zeros((blocks + 1) * 2 * head_bytes);
    float *x = suite_zeros(head_dim * sizeof *x), *shift = suite_zeros(head_dim * sizeof *x);
    suite_floats(s, shift, head_dim, USUAL);
    for (size_t b = 0; b < blocks; b++) {
        table[b] = (uint32_t)(blocks - b);
    }
    for (int64_t p = 0; p < r->context; p++) {
        uint8_t *page = arena + table[p / r->block_size] * 2 * head_bytes;
        for (int values = 0; values < 2; values++) {
            suite_floats(s, x, head_dim, kind);
            qk_kv_head head = {.start = page + (values != 0 ? head_bytes : 0),
                               .keys = values == 0,
                               .kv_type = kv_type,
                               .head_dim = head_dim,
                               .block_size = (size_t)r->block_size,
                               .shift = values == 0 ? shift : NULL};
            qk_kv_write(s->table, &head, x, (size_t)(p % r->block_size));
        }
    }
    free(x);
    free(shift);
    return arena;
}

static void run(const suite *s, qk_attention *a, int level) {
    size_t rows = (size_t)(a->queries * a->group), head_dim = (size_t)a->head_dim;
    a->scratch = suite_zeros(qk_attention_scratch(head_dim, rows) * sizeof(float));
    if (level < 0) {
        s->table->attention(a);
        free(a->scratch);
        return;
    }
    int64_t first = a->first_position + 1 - a->window;
    first = a->window <= 0 || first < 0 ? 0 : first;
    first = a->chunked ? a->first_position / a->window * a->window : first;
    int64_t length = (int64_t)QK_ATTENTION_PART << level;
    int64_t last = a->first_position + a->queries - 1;
    a->level = level;
    a->items = (int32_t)(last / length - first / length + 1);
    int32_t left = a->items;
    a->left = &left;
    a->states = suite_zeros((size_t)a->items * qk_attention_state(head_dim, rows) * sizeof(float));
    for (a->item = a->items - 1; a->item >= 0; a->item--) {
        s->table->attention(a);
    }
    free(a->states);
    free(a->scratch);
}

static void attend(suite *s, int kv_type, size_t head_dim, const request *r, int kind) {
    uint32_t table[256];
    uint8_t *arena = pages(s, r, kv_type, head_dim, table, kind);
    size_t rows = (size_t)(r->queries * r->group);
    float *q = suite_zeros(rows * head_dim * sizeof *q);
    suite_floats(s, q, rows * head_dim, kind);
    float *sinks = suite_zeros((size_t)r->group * sizeof *sinks);
    float *slopes = suite_zeros((size_t)r->group * sizeof *slopes);
    if (r->terms != 0) {
        suite_floats(s, sinks, (size_t)r->group, kind);
        suite_floats(s, slopes, (size_t)r->group, kind);
    }
    bool is_latent = (r->terms & LATENT) != 0;
    size_t value_dim = is_latent ? head_dim * 7 / 8 : head_dim;
    float *out = suite_output(s, rows * value_dim * sizeof *out);
    size_t head_bytes = (size_t)r->block_size * qk_kv_slot_bytes(kv_type, head_dim);
    qk_attention a = {.q = q,
                      .q_stride = (size_t)r->group * head_dim,
                      .out = out,
                      .out_stride = (size_t)r->group * value_dim,
                      .queries = r->queries,
                      .group = r->group,
                      .head_dim = (int32_t)head_dim,
                      .value_dim = is_latent ? (int32_t)value_dim : 0,
                      .first_position = r->context - r->queries,
                      .window = r->window,
                      .chunked = (r->terms & CHUNKS) != 0,
                      .arena = arena,
                      .page_bytes = 2 * head_bytes,
                      .value_offset = is_latent ? 0 : head_bytes,
                      .table = table,
                      .block_size = r->block_size,
                      .kv_type = kv_type,
                      .scale = 0.125f,
                      .soft_cap = r->soft_cap,
                      .sinks = (r->terms & SINKS) != 0 ? sinks : NULL,
                      .slopes = (r->terms & SLOPES) != 0 ? slopes : NULL};
    run(s, &a, r->level);
    free(arena);
    free(q);
    free(sinks);
    free(slopes);
    suite_take_floats(s, out, rows * value_dim);
}

static void each_request(suite *s, int kv_type, int head_dim) {
    for (int i = 0; i < REQUESTS; i++) {
        attend(s, kv_type, (size_t)head_dim, &requests[i], USUAL);
    }
}

static void each_termed(suite *s, int kv_type, int head_dim) {
    for (int i = 0; i < TERMED; i++) {
        attend(s, kv_type, (size_t)head_dim, &termed[i], USUAL);
    }
}

static void each_latent(suite *s, int kv_type, int head_dim) {
    for (int i = 0; i < LATENTS; i++) {
        attend(s, kv_type, (size_t)head_dim, &latent[i], USUAL);
    }
}

static void of_wide_values(suite *s, int kv_type, int head_dim) {
    for (int i = 0; i < 4; i++) {
        attend(s, kv_type, (size_t)head_dim, &requests[i], WIDE);
    }
}

static void writing(suite *s, int kv_type, int head_dim) {
    static const request some[] = {{.context = 40, .block_size = 16},
                                   {.context = 40, .block_size = 5}};
    for (int i = 0; i < 2; i++) {
        uint32_t table[16];
        size_t bytes = qk_kv_slot_bytes(kv_type, (size_t)head_dim) * 2;
        size_t blocks = (size_t)((some[i].context + some[i].block_size - 1) / some[i].block_size);
        uint8_t *arena = pages(s, &some[i], kv_type, (size_t)head_dim, table, WIDE);
        for (size_t at = 0; at < (blocks + 1) * (size_t)some[i].block_size * bytes; at++) {
            suite_add(s, arena[at]);
        }
        free(arena);
    }
}

void attention_cases(suite *s) {
    static const struct {
        const char *name;
        int type;
    } types[] = {
        {"f16", QK_KV_F16}, {"bf16", QK_KV_BF16}, {"f32", QK_KV_F32}, {"int8", QK_KV_INT8}};
    static const int sizes[] = {32, 64, 80, 100, 256};
    for (size_t t = 0; t < sizeof types / sizeof *types; t++) {
        char name[64];
        snprintf(name, sizeof name, "writing keys and values, %s", types[t].name);
        suite_case(s, name, writing, types[t].type, 100);
        for (size_t d = 0; d < sizeof sizes / sizeof *sizes; d++) {
            snprintf(name, sizeof name, "attention, %s, heads of %d", types[t].name, sizes[d]);
            suite_case(s, name, each_request, types[t].type, sizes[d]);
        }
        snprintf(name, sizeof name, "attention, %s, wide values", types[t].name);
        suite_case(s, name, of_wide_values, types[t].type, 64);
        for (size_t d = 1; d < 4; d++) {
            snprintf(name, sizeof name, "attention, %s, sinks, slopes and chunks, heads of %d",
                     types[t].name, sizes[d]);
            suite_case(s, name, each_termed, types[t].type, sizes[d]);
        }
        static const int keys[] = {64, 100, 576};
        for (size_t d = 0; d < 3 && types[t].type != QK_KV_INT8; d++) {
            snprintf(name, sizeof name, "attention, %s, latent keys of %d", types[t].name, keys[d]);
            suite_case(s, name, each_latent, types[t].type, keys[d]);
        }
    }
}
