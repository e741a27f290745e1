// The two products of attention, over a tile of a page or of scratch. Included by
// attention/body.h. `pairs`: as a product of bf16 has it (attention/pairs.h).
#ifndef QK_ATTENTION_PRODUCTS_H
#define QK_ATTENTION_PRODUCTS_H

#include "attention/prefetch.h"
#include "vectors/half.h"

// weights[row][position] = q[row] . keys[position] for `rows` rows and the positions of a strip;
// q: [element][SCORE_ROWS].
INLINE void score_strip(const float *q, const tile *t, float *weights, size_t head_dim, int strip,
                        prefetching *next, size_t each, const int rows, const int kv_type,
                        const bool pairs) {
    enum { GROUPS = STRIP / GROUP };
    vf total[SCORE_ROWS][SCORE_VECTORS];
    for (int r = 0; r < rows; r++) {
        for (int v = 0; v < SCORE_VECTORS; v++) {
            total[r][v] = v_set1(0);
        }
    }
    const uint8_t *starts[GROUPS];
    for (int g = 0; g < GROUPS; g++) {
        starts[g] = t->groups[strip * GROUPS + g];
    }
    prefetching k = *next;
    for (size_t i = 0; i < head_dim; i++) {
        prefetch_some(&k, each);
        size_t d = pairs ? i ^ 1 : i, offset = d * t->step;
        vf keys[SCORE_VECTORS];
        for (int v = 0; v < SCORE_VECTORS; v++) {
            size_t lane = (size_t)(v * LANES % GROUP);
            const uint8_t *p = starts[v * LANES / GROUP] + offset;
            keys[v] = load_kv(p + lane * element_bytes(kv_type), kv_type);
        }
        for (int r = 0; r < rows; r++) {
            for (int v = 0; v < SCORE_VECTORS; v++) {
                const float *x = q + d * SCORE_ROWS + r;
                total[r][v] = pairs ? v_fma_flushed(x, keys[v], total[r][v])
                                    : v_fma_all(x, keys[v], total[r][v]);
            }
        }
    }
    *next = k;
    for (int r = 0; r < rows; r++) {
        for (int v = 0; v < SCORE_VECTORS; v++) {
            v_store(weights + r * TILE + strip * STRIP + v * LANES, total[r][v]);
        }
    }
}

// The other position of a pair, if the tile has it.
INLINE int partner(const tile *t, int j) {
    int other = j ^ 1;
    return other >= t->low && other <= t->high ? other : j;
}

// sum = sum * decay + weights . values, for `rows` rows and `vectors` vectors of the head; pairs
// find their sums multiplied.
INLINE void weigh_rows(const scratch *s, const tile *t, int r0, size_t d, prefetching *next,
                       size_t each, const int rows, const int vectors, const int kv_type,
                       const bool pairs) {
    vf sum[WEIGH_ROWS][WEIGH_VECTORS];
    for (int r = 0; r < rows; r++) {
        vf decay = v_set1(s->decay[r0 + r]);
        for (int v = 0; v < vectors; v++) {
            const float *p = s->part.sum + (size_t)(r0 + r) * s->width + d + v * LANES;
            sum[r][v] = pairs ? v_load(p) : v_mul(v_load(p), decay);
        }
    }
    const float *weights = s->weights + r0 * TILE;
    size_t element = element_bytes(kv_type);
    prefetching k = *next;
    for (int g = t->low / GROUP; g <= t->high / GROUP; g++) {
        int i = g == t->low / GROUP ? t->low : g * GROUP;
        int end = g == t->high / GROUP ? t->high + 1 : (g + 1) * GROUP;
        const uint8_t *group = t->value_groups[g] + d * element;
        for (; i < end; i++) {
            prefetch_some(&k, each);
            int j = pairs ? partner(t, i) : i;
            const uint8_t *p = group + (size_t)(j % GROUP) * t->value_step;
            vf values[WEIGH_VECTORS];
            for (int v = 0; v < vectors; v++) {
                values[v] = load_kv(p + (size_t)(v * LANES) * element, kv_type);
            }
            for (int r = 0; r < rows; r++) {
                for (int v = 0; v < vectors; v++) {
                    const float *weight = weights + r * TILE + j;
                    sum[r][v] = pairs ? v_fma_flushed(weight, values[v], sum[r][v])
                                      : v_fma_all(weight, values[v], sum[r][v]);
                }
            }
        }
    }
    *next = k;
    for (int r = 0; r < rows; r++) {
        for (int v = 0; v < vectors; v++) {
            v_store(s->part.sum + (size_t)(r0 + r) * s->width + d + v * LANES, sum[r][v]);
        }
    }
}

// How often a row's elements are walked over, `most` vectors at once, then one by one.
INLINE size_t passes(size_t width, size_t most) {
    return width / (most * LANES) + width % (most * LANES) / LANES;
}

INLINE void weigh_width(const scratch *s, const tile *t, int r0, prefetching *next, const int rows,
                        const int kv_type, const bool pairs) {
    size_t d = 0, each = prefetch_each(next, TILE / GROUP, TILE * passes(s->width, WEIGH_VECTORS));
    for (; d + WEIGH_VECTORS * LANES <= s->width; d += WEIGH_VECTORS * LANES) {
        weigh_rows(s, t, r0, d, next, each, rows, WEIGH_VECTORS, kv_type, pairs);
    }
    for (; d < s->width; d += LANES) {
        weigh_rows(s, t, r0, d, next, each, rows, 1, kv_type, pairs);
    }
}

// Calls CASE(n) for the number of rows, 1 to at most 8: with a constant for it, sums stay in
// registers.
#define EACH_COUNT(most)          \
    CASE(1)                       \
    EACH_COUNT_##most
#define EACH_COUNT_1
#define EACH_COUNT_3 CASE(2) CASE(3)
#define EACH_COUNT_4 CASE(2) CASE(3) CASE(4)
#define EACH_COUNT_6 CASE(2) CASE(3) CASE(4) CASE(5) CASE(6)
#define EACH_COUNT_7 CASE(2) CASE(3) CASE(4) CASE(5) CASE(6) CASE(7)
#define EACH_COUNT_OF(most) EACH_COUNT(most)

// Rows are taken in runs of at most `most`, as equal as they can be: where the i'th begins.
static inline int run_start(int rows, int most, int i) {
    return rows * i / ((rows + most - 1) / most);
}

INLINE void score_all(const scratch *s, const tile *t, size_t head_dim, int rows, prefetching *next,
                      const int kv_type, const bool pairs) {
    size_t each = prefetch_each(next, TILE / GROUP / 2, head_dim * (TILE / STRIP));
    for (int i = 0, r = 0; r < rows; i++) {
        const float *q = s->q + (size_t)(i * SCORE_ROWS) * head_dim;
        float *weights = s->weights + r * TILE;
        int end = run_start(rows, SCORE_ROWS, i + 1);
        for (int strip = t->low / STRIP; strip <= t->high / STRIP; strip++) {
#define CASE(n)                                                                              \
    case n:                                                                                  \
        score_strip(q, t, weights, head_dim, strip, next, each, n, kv_type, pairs);          \
        break;
            switch (end - r) {
                EACH_COUNT_OF(SCORE_ROWS)
            default:
                break;
            }
#undef CASE
        }
        r = end;
        each = 0;
    }
}

INLINE void weigh_all(const scratch *s, const tile *t, int rows, prefetching *next,
                      const int kv_type, const bool pairs) {
    for (int i = 0, r = 0; r < rows; i++) {
        int end = run_start(rows, WEIGH_ROWS, i + 1);
#define CASE(n)                                                   \
    case n:                                                       \
        weigh_width(s, t, r, next, n, kv_type, pairs);            \
        break;
        switch (end - r) {
            EACH_COUNT_OF(WEIGH_ROWS)
        default:
            break;
        }
#undef CASE
        r = end;
    }
}

// Queries as score_all() reads them: runs of rows, [element][SCORE_ROWS] each.
INLINE void interleave(const qk_attention *a, const scratch *s, const bool pairs) {
    int rows = a->queries * a->group;
    size_t head_dim = (size_t)a->head_dim;
    float scale = query_scale(a);
    for (int i = 0, r = 0; r < rows; i++) {
        float *to = s->q + (size_t)(i * SCORE_ROWS) * head_dim;
        for (int end = run_start(rows, SCORE_ROWS, i + 1); r < end; r++, to++) {
            size_t head = (size_t)(r % a->group) * head_dim;
            const float *q = a->q + (size_t)(r / a->group) * a->q_stride + head;
            for (size_t d = 0; d < head_dim; d++) {
                float x = q[d] * scale;
                to[d * SCORE_ROWS] = pairs ? qk_rounded_bf16(x) : x;
            }
        }
    }
}

// What a tile's products read: the page, where few rows would use what is converted, and values are
// there.
static bool reads_pages(const qk_attention *a) {
    return !is_latent(a) && a->queries * a->group <= PAGE_ROWS && a->head_dim % LANES == 0 &&
           is_grouped(a->block_size);
}

#endif
