// Attention over paged keys and values, written once over a level's vector operations.
//
// The online softmax of flash attention (Milakov and Gimelshein 2018; Dao et al. 2022): keys are
// walked in tiles of QK_ATTENTION_TILE positions counted from position 0. For every tile the keys
// are converted to f32 and transposed, the values converted, once for all rows; a row is one query
// head at one query position. What is computed for a row depends on no other row:
//
// - a score is one chain of products over the head's elements, in order;
// - a key that a row does not see weighs exactly 0, and adding 0 * v changes nothing (v is finite,
//   see kv_store), so tiles and keys that only other rows need leave the row as it was.
//
// A level defines SCORE_ROWS, WEIGH_ROWS and WEIGH_VECTORS by its number of registers.
#include <math.h>
#include <string.h>

#include "CKernels.h"
#include "vector_common.h"

#define INLINE static inline __attribute__((always_inline))

enum {
    TILE = QK_ATTENTION_TILE,
    TILE_VECTORS = TILE / LANES,
    WIDEST = 16,  // lanes of the widest level: scratch is laid out alike for all
};

typedef struct scratch {
    size_t width;      // head_dim, padded to whole vectors
    float *q;          // [row][head_dim]
    float *keys;       // [head_dim][TILE]
    float *values;     // [TILE][width]
    float *sum;        // [row][width]: the weighted values
    float *weights;    // [row][TILE]: scores, then weights
    float *denominator;  // [row][LANES]: the sums of weights
    float *maximum;    // [row]: the largest score so far
    float *next;       // [row]: the same with this tile
    float *decay;      // [row]: exp(maximum - next)
} scratch;

static size_t padded(size_t n) { return (n + WIDEST - 1) / WIDEST * WIDEST; }

static scratch divide(float *p, size_t head_dim, size_t rows) {
    scratch s = {.width = padded(head_dim)};
    rows = padded(rows);
    s.keys = p;
    s.values = s.keys + padded(head_dim) * TILE;
    s.sum = s.values + TILE * s.width;
    s.weights = s.sum + rows * s.width;
    s.denominator = s.weights + rows * TILE;
    s.maximum = s.denominator + rows * WIDEST;
    s.next = s.maximum + rows;
    s.decay = s.next + rows;
    s.q = s.decay + rows;
    return s;
}

INLINE size_t element_bytes(int kv_type) { return kv_type == QK_KV_F32 ? 4 : 2; }

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
INLINE void load_columns(float *keys, const uint8_t *const *slots, int low, int high,
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

// Keys low...high of a tile, converted and transposed: keys[d][position].
INLINE void load_keys(float *keys, const uint8_t *const slots[TILE], int low, int high,
                      size_t head_dim, int kv_type) {
    for (int j = low / LANES * LANES; j <= high; j += LANES) {
        if (low <= j && j + LANES - 1 <= high) {
            load_columns(keys + j, slots + j, 0, LANES - 1, head_dim, kv_type);
        } else {
            load_columns(keys + j, slots + j, low - j, high - j, head_dim, kv_type);
        }
    }
}

INLINE void load_values(float *values, const uint8_t *const slots[TILE], int low, int high,
                        size_t head_dim, size_t width, int kv_type) {
    for (int j = low; j <= high; j++) {
        for (size_t d = 0; d < width; d += LANES) {
            vf v = d < head_dim ? load_slot(slots[j], d, head_dim, kv_type) : v_set1(0);
            v_store(values + (size_t)j * width + d, v);
        }
    }
}

// The slots of the keys and values of a tile's positions low...high.
typedef struct tile {
    int low, high;
    size_t slot_bytes;
    const uint8_t *keys[TILE], *values[TILE];
} tile;

static void find_tile(const qk_attention *a, int64_t base, int64_t first, int64_t last, tile *t) {
    t->low = first > base ? (int)(first - base) : 0;
    t->high = last - base < TILE ? (int)(last - base) : TILE - 1;
    t->slot_bytes = (size_t)a->head_dim * element_bytes(a->kv_type);
    for (int j = 0; j < TILE; j++) {
        t->keys[j] = t->values[j] = a->arena;  // never read, but prefetched
    }
    int64_t block = (base + t->low) / a->block_size, slot = (base + t->low) % a->block_size;
    for (int j = t->low; j <= t->high; j++) {
        const uint8_t *arena = a->arena, *page = arena + a->table[block] * a->page_bytes;
        t->keys[j] = page + a->key_offset + (size_t)slot * t->slot_bytes;
        t->values[j] = page + a->value_offset + (size_t)slot * t->slot_bytes;
        if (++slot == a->block_size) {
            slot = 0;
            block++;
        }
    }
}

static void load_tile(const qk_attention *a, const scratch *s, const tile *t) {
    size_t head_dim = (size_t)a->head_dim;
    switch (a->kv_type) {
    case QK_KV_F16:
        load_keys(s->keys, t->keys, t->low, t->high, head_dim, QK_KV_F16);
        load_values(s->values, t->values, t->low, t->high, head_dim, s->width, QK_KV_F16);
        break;
    case QK_KV_BF16:
        load_keys(s->keys, t->keys, t->low, t->high, head_dim, QK_KV_BF16);
        load_values(s->values, t->values, t->low, t->high, head_dim, s->width, QK_KV_BF16);
        break;
    default:
        load_keys(s->keys, t->keys, t->low, t->high, head_dim, QK_KV_F32);
        load_values(s->values, t->values, t->low, t->high, head_dim, s->width, QK_KV_F32);
    }
}

// Blocks lie anywhere in the arena, so the hardware cannot guess where the next tile is. It is
// prefetched line by line between the products of this tile: all at once would stall them.
typedef struct prefetch {
    const tile *next;
    int slot;
    size_t offset;
} prefetch;

INLINE void prefetch_key_line(prefetch *p) {
    if (p->slot < TILE) {
        __builtin_prefetch(p->next->keys[p->slot] + p->offset, 0, 2);
        p->offset += 64;
        if (p->offset >= p->next->slot_bytes) {
            p->offset = 0;
            p->slot++;
        }
    }
}

// weights[row][position] = q[row] . keys[position] for `rows` rows.
INLINE void score_rows(const float *q, const float *keys, float *weights, size_t head_dim,
                       const int rows, const tile *next) {
    prefetch p = {.next = next, .slot = next != NULL ? next->low : TILE};
    vf total[SCORE_ROWS][TILE_VECTORS];
    for (int r = 0; r < rows; r++) {
        for (int v = 0; v < TILE_VECTORS; v++) {
            total[r][v] = v_set1(0);
        }
    }
    for (size_t d = 0; d < head_dim; d++) {
        prefetch_key_line(&p);
        for (int r = 0; r < rows; r++) {
            vf x = v_set1(q[(size_t)r * head_dim + d]);
            for (int v = 0; v < TILE_VECTORS; v++) {
                total[r][v] = v_fma(x, v_load(keys + d * TILE + v * LANES), total[r][v]);
            }
        }
    }
    for (int r = 0; r < rows; r++) {
        for (int v = 0; v < TILE_VECTORS; v++) {
            v_store(weights + r * TILE + v * LANES, total[r][v]);
        }
    }
}

static void score(const scratch *s, size_t head_dim, int rows, const tile *next) {
    int r = 0;
    for (; r + SCORE_ROWS <= rows; r += SCORE_ROWS) {
        score_rows(s->q + (size_t)r * head_dim, s->keys, s->weights + r * TILE, head_dim,
                   SCORE_ROWS, next);
        next = NULL;
    }
    const float *q = s->q + (size_t)r * head_dim;
    float *weights = s->weights + r * TILE;
#define CASE(n)                                               \
    case n:                                                   \
        score_rows(q, s->keys, weights, head_dim, n, next);   \
        break;
    switch (rows - r) {
#if SCORE_ROWS > 4
        CASE(7)
        CASE(6)
        CASE(5)
        CASE(4)
#endif
        CASE(3)
        CASE(2)
        CASE(1)
    default:
        break;
    }
#undef CASE
}

// Scales, caps and masks the scores of one row; returns the largest. The row sees the keys
// low...high of the tile.
static float mask_row(const qk_attention *a, float *weights, int64_t low, int64_t high) {
    vf largest = v_set1(-INFINITY), scale = v_set1(a->scale), hidden = largest;
    for (int v = 0; v < TILE_VECTORS; v++) {
        vf x = v_mul(v_load(weights + v * LANES), scale);
        if (a->soft_cap > 0) {
            vf cap = v_set1(a->soft_cap);
            x = v_mul(cap, v_tanh(v_div(x, cap)));
        }
        if (low > 0 || high < TILE - 1) {
            vf position = v_add(v_iota(), v_set1((float)(v * LANES)));
            x = v_select(v_less(position, v_set1((float)low)), hidden, x);
            x = v_select(v_less(v_set1((float)high), position), hidden, x);
        }
        v_store(weights + v * LANES, x);
        largest = v_max(x, largest);
    }
    return v_hmax(largest);
}

// Turns scores into weights relative to the largest score so far.
static void soften(const qk_attention *a, const scratch *s, int64_t base) {
    int rows = a->queries * a->group;
    for (int i = 0, r = 0; i < a->queries; i++) {
        int64_t position = a->first_position + i;
        int64_t first = a->window > 0 && position >= a->window ? position + 1 - a->window : 0;
        int64_t low = first - base < 0 ? 0 : first - base < TILE ? first - base : TILE;
        int64_t high = position - base < TILE ? position - base : TILE - 1;
        for (int g = 0; g < a->group; g++, r++) {
            float largest = mask_row(a, s->weights + r * TILE, low, high);
            s->next[r] = largest > s->maximum[r] ? largest : s->maximum[r];
        }
    }
    for (int r = 0; r < rows; r += LANES) {
        vf next = v_load(s->next + r);
        // A row that has seen no key keeps its nothing.
        vm nothing = v_equal(next, v_set1(-INFINITY));
        vf change = v_select(nothing, v_set1(0), v_sub(v_load(s->maximum + r), next));
        v_store(s->decay + r, v_exp(change));
        v_store(s->maximum + r, next);
        v_store(s->next + r, v_select(nothing, v_set1(0), next));
    }
    for (int r = 0; r < rows; r++) {
        vf next = v_set1(s->next[r]), total = v_set1(0);
        for (int v = 0; v < TILE_VECTORS; v++) {
            float *p = s->weights + r * TILE + v * LANES;
            vf weight = v_exp(v_sub(v_load(p), next));
            v_store(p, weight);
            total = v_add(total, weight);
        }
        float *denominator = s->denominator + (size_t)r * LANES;
        v_store(denominator, v_fma(v_load(denominator), v_set1(s->decay[r]), total));
    }
}

// sum = sum * decay + weights . values, for `rows` rows and `vectors` vectors of the head.
INLINE void weigh_rows(const scratch *s, int r0, size_t d, int low, int high, const tile *next,
                       size_t element, const int rows, const int vectors) {
    vf sum[WEIGH_ROWS][WEIGH_VECTORS];
    for (int r = 0; r < rows; r++) {
        vf decay = v_set1(s->decay[r0 + r]);
        for (int v = 0; v < vectors; v++) {
            const float *p = s->sum + (size_t)(r0 + r) * s->width + d + (size_t)(v * LANES);
            sum[r][v] = v_mul(v_load(p), decay);
        }
    }
    const float *weights = s->weights + r0 * TILE;
    for (int j = low; j <= high; j++) {
        const float *values = s->values + (size_t)j * s->width + d;
        if (next != NULL) {
            for (size_t i = 0; i < (size_t)(vectors * LANES) * element; i += 64) {
                __builtin_prefetch(next->values[j] + d * element + i, 0, 2);
            }
        }
        for (int r = 0; r < rows; r++) {
            vf weight = v_set1(weights[r * TILE + j]);
            for (int v = 0; v < vectors; v++) {
                sum[r][v] = v_fma(weight, v_load(values + v * LANES), sum[r][v]);
            }
        }
    }
    for (int r = 0; r < rows; r++) {
        for (int v = 0; v < vectors; v++) {
            float *p = s->sum + (size_t)(r0 + r) * s->width + d + (size_t)(v * LANES);
            v_store(p, sum[r][v]);
        }
    }
}

INLINE void weigh_width(const scratch *s, int r0, int low, int high, const tile *next,
                        size_t element, const int rows) {
    size_t d = 0;
    for (; d + WEIGH_VECTORS * LANES <= s->width; d += WEIGH_VECTORS * LANES) {
        weigh_rows(s, r0, d, low, high, next, element, rows, WEIGH_VECTORS);
    }
    for (; d < s->width; d += LANES) {
        weigh_rows(s, r0, d, low, high, next, element, rows, 1);
    }
}

static void weigh(const scratch *s, int rows, const tile *t, const tile *next, size_t element) {
    int low = t->low, high = t->high;
    int r = 0;
    for (; r + WEIGH_ROWS <= rows; r += WEIGH_ROWS) {
        weigh_width(s, r, low, high, next, element, WEIGH_ROWS);
        next = NULL;
    }
    switch (rows - r) {
#if WEIGH_ROWS > 3
    case 3:
        weigh_width(s, r, low, high, next, element, 3);
        break;
#endif
    case 2:
        weigh_width(s, r, low, high, next, element, 2);
        break;
    case 1:
        weigh_width(s, r, low, high, next, element, 1);
        break;
    default:
        break;
    }
}

static void begin(const qk_attention *a, const scratch *s) {
    size_t head_dim = (size_t)a->head_dim, group = (size_t)a->group;
    size_t rows = (size_t)a->queries * group;
    for (size_t i = 0; i < (size_t)a->queries; i++) {
        memcpy(s->q + i * group * head_dim, a->q + i * a->q_stride,
               group * head_dim * sizeof(float));
    }
    memset(s->sum, 0, rows * s->width * sizeof(float));
    memset(s->denominator, 0, rows * LANES * sizeof(float));
    for (size_t r = 0; r < padded(rows); r++) {
        s->maximum[r] = s->next[r] = -INFINITY;
    }
}

static void finish(const qk_attention *a, const scratch *s) {
    size_t head_dim = (size_t)a->head_dim, r = 0;
    for (size_t i = 0; i < (size_t)a->queries; i++) {
        for (size_t g = 0; g < (size_t)a->group; g++, r++) {
            float *out = a->out + i * a->out_stride + g * head_dim;
            vf denominator = v_set1(v_sum(v_load(s->denominator + r * LANES)));
            for (size_t d = 0; d < head_dim; d += LANES) {
                // + 0: whether a sum of zeros is -0 may depend on hidden keys.
                vf y = v_div(v_load(s->sum + r * s->width + d), denominator);
                y = v_add(y, v_set1(0));
                if (d + LANES <= head_dim) {
                    v_store(out + d, y);
                } else {
                    v_store_partial(out + d, y, head_dim - d);
                }
            }
        }
    }
}

static void attention(const qk_attention *a) {
    int rows = a->queries * a->group;
    scratch s = divide(a->scratch, (size_t)a->head_dim, (size_t)rows);
    int64_t last = a->first_position + a->queries - 1;
    int64_t first = a->first_position + 1 - a->window;
    if (a->window <= 0 || first < 0) {
        first = 0;
    }
    begin(a, &s);
    tile tiles[2];
    int64_t base = first / TILE * TILE;
    find_tile(a, base, first, last, &tiles[0]);
    for (int i = 0; base <= last; base += TILE, i ^= 1) {
        const tile *t = &tiles[i];
        tile *next = base + TILE <= last ? &tiles[i ^ 1] : NULL;
        if (next != NULL) {
            find_tile(a, base + TILE, first, last, next);
        }
        load_tile(a, &s, t);
        score(&s, (size_t)a->head_dim, rows, next);
        soften(a, &s, base);
        weigh(&s, rows, t, next, element_bytes(a->kv_type));
    }
    finish(a, &s);
}
