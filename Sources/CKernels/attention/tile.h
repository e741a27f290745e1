// The tiles of attention: where their keys and values lie, and the scratch that they may be
// converted to. Included by attention/body.h.
#ifndef QK_ATTENTION_TILE_H
#define QK_ATTENTION_TILE_H

#include "attention/layout.h"

#define INLINE static inline __attribute__((always_inline))

enum {
    GROUP = QK_KV_GROUP,
    TILE = QK_ATTENTION_TILE,
    PART = QK_ATTENTION_PART,
    TILE_VECTORS = TILE / LANES,
    STRIP = SCORE_VECTORS * LANES,  // keys whose scores are computed at once
    TILE_WIDES = TILE / WIDE,
};

static inline size_t padded(size_t n) { return (n + WIDE - 1) / WIDE * WIDE; }

// What a row has seen of a part, or of all parts so far.
typedef struct state {
    float *sum;          // [row][width]: the weighted values
    float *denominator;  // [row][WIDE]: the sums of weights
    float *maximum;      // [row]: the largest score
} state;

typedef struct scratch {
    size_t width;    // the elements of a value, padded to whole vectors
    float *q;        // [row][head_dim]
    float *keys;     // [head_dim][TILE]
    float *values;   // [TILE][width]
    float *weights;  // [row][TILE]: scores, then weights
    float *next;     // [row]: the largest score with this tile
    float *decay;    // [row]: 2^(maximum - next)
    state part;      // what is being attended, one of the stack
    float *stack;    // QK_ATTENTION_LEVELS states (attention/merge.h)

    // int8 (attention/int8.h)
    int8_t *query_planes;
    uint8_t *weight_planes;
    float *factors;       // [TILE]: what takes weights to integers
    float *query_scale;   // [row]
    float *lift;          // [row]: 2^(the tile's largest score - next)
    float *weight_scale;  // [row]
    int32_t *query_bias;  // [row][plane]
} scratch;

// Whether the first elements of a key are its value.
static inline bool is_latent(const qk_attention *a) { return a->value_dim > 0; }

static inline size_t value_dim(const qk_attention *a) {
    return (size_t)(is_latent(a) ? a->value_dim : a->head_dim);
}

static state divide_state(float *p, size_t rows, size_t width) {
    state s = {.sum = p, .denominator = p + rows * width};
    s.maximum = s.denominator + rows * WIDE;
    return s;
}

static scratch divide(float *p, size_t head_dim, size_t rows) {
    scratch s = {.width = padded(head_dim)};
    s.keys = p;
    s.values = s.keys + s.width * TILE;
    s.weights = s.values + TILE * s.width;
    s.next = s.weights + rows * TILE;
    s.decay = s.next + padded(rows);
    s.factors = s.decay + padded(rows);
    s.query_scale = s.factors + TILE;
    s.lift = s.query_scale + padded(rows);
    s.weight_scale = s.lift + padded(rows);
    s.query_bias = (int32_t *)(s.weight_scale + padded(rows));
    s.weight_planes = (uint8_t *)(s.query_bias + 2 * padded(rows));
    s.query_planes = (int8_t *)(s.weight_planes + rows * 2 * TILE);
    s.q = (float *)(s.query_planes + (rows + 8) * 2 * s.width);
    s.stack = s.q + (rows + 7) * s.width;
    return s;
}

// The keys and values of a tile's positions low...high, in a page or converted. The element d of
// the key at position i is at groups[i / GROUP] + d * step + (i % GROUP) * element.
typedef struct tile {
    int low, high;
    size_t step;  // bytes
    const uint8_t *groups[TILE / GROUP];
    // The value at position i is at value_groups[i / GROUP] + (i % GROUP) * value_step.
    size_t value_step;
    const uint8_t *value_groups[TILE / GROUP];
    // Of blocks that are not grouped.
    const uint8_t *keys[TILE], *values[TILE];
} tile;

static inline const uint8_t *value_at(const tile *t, int i) {
    return t->value_groups[i / GROUP] + (size_t)(i % GROUP) * t->value_step;
}

// The first position that a query at another sees.
static inline int64_t first_seen(const qk_attention *a, int64_t position) {
    if (a->window <= 0) {
        return 0;
    }
    if (a->chunked) {
        return position / a->window * a->window;
    }
    return position >= a->window ? position + 1 - a->window : 0;
}

static void find_tile(const qk_attention *a, int64_t base, int64_t first, int64_t last, tile *t) {
    t->low = first > base ? (int)(first - base) : 0;
    t->high = last - base < TILE ? (int)(last - base) : TILE - 1;
    size_t slot_bytes = qk_kv_slot_bytes(a->kv_type, (size_t)a->head_dim);
    bool grouped = is_grouped(a->block_size);
    t->step = GROUP * element_bytes(a->kv_type);
    t->value_step = slot_bytes;
    const uint8_t *arena = a->arena, *page = arena;
    int64_t block = (base + t->low) / a->block_size, slot = (base + t->low) % a->block_size;
    page += a->table[block] * a->page_bytes;
    for (int i = t->low; grouped && i <= t->high;) {
        // A group, or what is seen of it, lies in one block.
        size_t group = (size_t)slot / GROUP * GROUP;
        t->groups[i / GROUP] = page + a->key_offset + group * slot_bytes;
        t->value_groups[i / GROUP] = page + a->value_offset + group * slot_bytes;
        int end = i / GROUP * GROUP + GROUP;
        slot += end - i;
        i = end;
        if (slot == a->block_size && i <= t->high) {
            slot = 0;
            page = arena + a->table[++block] * a->page_bytes;
        }
    }
    for (int i = t->low; !grouped && i <= t->high; i++) {
        t->values[i] = page + a->value_offset + (size_t)slot * slot_bytes;
        t->keys[i] = page + a->key_offset + (size_t)slot * slot_bytes;
        if (++slot == a->block_size && i < t->high) {
            slot = 0;
            page = arena + a->table[++block] * a->page_bytes;
        }
    }
    // What nobody sees is not read, or is (a whole strip at a time) and its score forgotten.
    for (int i = 0; i < TILE / GROUP; i++) {
        if (grouped && (i < t->low / GROUP || i > t->high / GROUP)) {
            t->groups[i] = t->groups[t->high / GROUP];
            t->value_groups[i] = t->value_groups[t->high / GROUP];
        }
    }
}

INLINE vf load_kv(const uint8_t *p, int kv_type) {
    switch (kv_type) {
    case QK_KV_F16:
        return v_load_f16((const uint16_t *)(const void *)p);
    case QK_KV_BF16:
        return v_load_bf16((const uint16_t *)(const void *)p);
    default:
        return v_load((const float *)(const void *)p);
    }
}

// The elements d.. of a slot, zeros beyond the head.
INLINE vf load_slot(const uint8_t *slot, size_t d, size_t head_dim, int kv_type) {
    const uint8_t *p = slot + d * element_bytes(kv_type);
    if (d + LANES <= head_dim) {
        return load_kv(p, kv_type);
    }
    uint8_t copy[LANES * 4] __attribute__((aligned(64))) = {0};
    memcpy(copy, p, (head_dim - d) * element_bytes(kv_type));
    return load_kv(copy, kv_type);
}

// LANES keys from `slots`, of which low...high are there, to LANES columns of `keys`.
INLINE void transpose_keys(float *keys, const uint8_t *const *slots, int low, int high,
                           size_t head_dim, int kv_type) {
    for (size_t d = 0; d < head_dim; d += LANES) {
        vf rows[LANES];
        for (int i = 0; i < LANES; i++) {
            bool present = i >= low && i <= high;
            rows[i] = present ? load_slot(slots[i], d, head_dim, kv_type) : v_set1(0);
        }
        v_transpose(rows);
        for (int i = 0; i < LANES; i++) {
            v_store(keys + (d + (size_t)i) * TILE, rows[i]);
        }
    }
}

INLINE void convert_keys(float *keys, const tile *t, size_t head_dim, bool grouped, int kv_type) {
    if (!grouped) {
        for (int j = t->low / LANES * LANES; j <= t->high; j += LANES) {
            transpose_keys(keys + j, t->keys + j, t->low - j, t->high - j, head_dim, kv_type);
        }
        return;
    }
    for (int g = t->low / GROUP; g <= t->high / GROUP; g++) {
        const uint8_t *from = t->groups[g];
        for (size_t d = 0; d < head_dim; d++, from += t->step) {
            for (int i = 0; i < GROUP; i += LANES) {
                vf x = load_kv(from + (size_t)i * element_bytes(kv_type), kv_type);
                v_store(keys + d * TILE + g * GROUP + i, x);
            }
        }
    }
}

INLINE void convert_values(float *values, const tile *t, size_t head_dim, size_t width,
                           bool grouped, int kv_type) {
    for (int j = t->low; j <= t->high; j++) {
        const uint8_t *slot = grouped ? value_at(t, j) : t->values[j];
        for (size_t d = 0; d < width; d += LANES) {
            vf v = d < head_dim ? load_slot(slot, d, head_dim, kv_type) : v_set1(0);
            v_store(values + (size_t)j * width + d, v);
        }
    }
}

// The values of a converted tile's keys: their first elements, each position's together.
static void values_of_keys(const scratch *s, const tile *t, size_t head_dim) {
    for (size_t j = (size_t)t->low / GROUP * GROUP; j <= (size_t)t->high; j += LANES) {
        for (size_t d = 0; d < s->width; d += LANES) {
            vf rows[LANES];
            for (size_t i = 0; i < LANES; i++) {
                rows[i] = d + i < head_dim ? v_load(s->keys + (d + i) * TILE + j) : v_set1(0);
            }
            v_transpose(rows);
            for (size_t i = 0; i < LANES; i++) {
                v_store(s->values + (j + i) * s->width + d, rows[i]);
            }
        }
    }
}

static void convert_tile(const qk_attention *a, const scratch *s, const tile *t) {
    size_t head_dim = (size_t)a->head_dim;
    bool grouped = is_grouped(a->block_size);
#define CONVERT_TILE(kv_type)                                            \
    convert_keys(s->keys, t, head_dim, grouped, kv_type);                \
    if (!grouped || !is_latent(a)) {                                     \
        convert_values(s->values, t, head_dim, s->width, grouped, kv_type); \
    }
    switch (a->kv_type) {
    case QK_KV_F16:
        CONVERT_TILE(QK_KV_F16)
        break;
    case QK_KV_BF16:
        CONVERT_TILE(QK_KV_BF16)
        break;
    default:
        CONVERT_TILE(QK_KV_F32)
    }
#undef CONVERT_TILE
    if (grouped && is_latent(a)) {
        values_of_keys(s, t, head_dim);
    }
}

// A tile as convert_tile leaves it, whatever its positions.
static void converted(const scratch *s, tile *t) {
    t->step = TILE * sizeof(float);
    for (int i = 0; i < TILE / GROUP; i++) {
        t->groups[i] = (const uint8_t *)(s->keys + i * GROUP);
    }
    t->value_step = s->width * sizeof(float);
    for (int i = 0; i < TILE / GROUP; i++) {
        t->value_groups[i] = (const uint8_t *)s->values + (size_t)(i * GROUP) * t->value_step;
    }
}

// Scores come as binary logarithms of weights, or, under a cap, divided by it.
static inline float query_scale(const qk_attention *a) {
    const float log2e = 0x1.715476p+0f;
    return a->soft_cap > 0 ? a->scale / a->soft_cap : a->scale * log2e;
}

#endif
