// The two products of attention, over a tile of a page or of scratch. Included by
// attention_body.h.
#ifndef QK_ATTENTION_PRODUCTS_H
#define QK_ATTENTION_PRODUCTS_H

#include "attention_tile.h"

// Blocks lie anywhere in the arena, so the hardware cannot guess where the next tile is. It is
// prefetched line by line between the products of this tile: all at once would stall them.
INLINE void prefetch_keys(const tile *next, int strip, size_t d, size_t element) {
    const uint8_t *p = next->groups[strip * (STRIP / GROUP) + (int)(d & 1)];
    p += (d & ~(size_t)1) * next->step;
    __builtin_prefetch(p, 0, 2);
    if (element == 4) {
        __builtin_prefetch(p + next->step, 0, 2);
    }
}

// weights[row][position] = q[row] . keys[position] for `rows` rows and the positions of a strip.
INLINE void score_strip(const float *q, const tile *t, float *weights, size_t head_dim, int strip,
                        const tile *next, size_t next_element, const int rows,
                        const int kv_type) {
    vf total[SCORE_ROWS][STRIP_VECTORS];
    for (int r = 0; r < rows; r++) {
        for (int v = 0; v < STRIP_VECTORS; v++) {
            total[r][v] = v_set1(0);
        }
    }
    const uint8_t *const *groups = t->groups + strip * (STRIP / GROUP);
    const uint8_t *const starts[2] = {groups[0], groups[1]};
    for (size_t d = 0; d < head_dim; d++) {
        if (next != NULL) {
            prefetch_keys(next, strip, d, next_element);
        }
        vf keys[STRIP_VECTORS];
        for (int v = 0; v < STRIP_VECTORS; v++) {
            size_t lane = (size_t)(v * LANES % GROUP);
            const uint8_t *p = starts[v * LANES / GROUP] + d * t->step;
            keys[v] = load_kv(p + lane * element_bytes(kv_type), kv_type);
        }
        for (int r = 0; r < rows; r++) {
            vf x = v_set1(q[(size_t)r * head_dim + d]);
            for (int v = 0; v < STRIP_VECTORS; v++) {
                total[r][v] = v_fma(x, keys[v], total[r][v]);
            }
        }
    }
    for (int r = 0; r < rows; r++) {
        for (int v = 0; v < STRIP_VECTORS; v++) {
            v_store(weights + r * TILE + strip * STRIP + v * LANES, total[r][v]);
        }
    }
}

// sum = sum * decay + weights . values, for `rows` rows and `vectors` vectors of the head.
INLINE void weigh_rows(const scratch *s, const tile *t, int r0, size_t d, const tile *next,
                       size_t next_element, const int rows, const int vectors,
                       const int kv_type) {
    vf sum[WEIGH_ROWS][WEIGH_VECTORS];
    for (int r = 0; r < rows; r++) {
        vf decay = v_set1(s->decay[r0 + r]);
        for (int v = 0; v < vectors; v++) {
            const float *p = s->part.sum + (size_t)(r0 + r) * s->width + d + v * LANES;
            sum[r][v] = v_mul(v_load(p), decay);
        }
    }
    const float *weights = s->weights + r0 * TILE;
    size_t element = element_bytes(kv_type), bytes = (size_t)vectors * LANES * next_element;
    for (int j = t->low; j <= t->high; j++) {
        if (next != NULL && j <= next->high) {
            for (size_t i = 0; i < bytes; i += 64) {
                __builtin_prefetch(next->values[j] + d * next_element + i, 0, 2);
            }
        }
        vf values[WEIGH_VECTORS];
        for (int v = 0; v < vectors; v++) {
            values[v] = load_kv(t->values[j] + (d + (size_t)(v * LANES)) * element, kv_type);
        }
        for (int r = 0; r < rows; r++) {
            vf weight = v_set1(weights[r * TILE + j]);
            for (int v = 0; v < vectors; v++) {
                sum[r][v] = v_fma(weight, values[v], sum[r][v]);
            }
        }
    }
    for (int r = 0; r < rows; r++) {
        for (int v = 0; v < vectors; v++) {
            v_store(s->part.sum + (size_t)(r0 + r) * s->width + d + v * LANES, sum[r][v]);
        }
    }
}

INLINE void weigh_width(const scratch *s, const tile *t, int r0, const tile *next,
                        size_t next_element, const int rows, const int kv_type) {
    size_t d = 0;
    for (; d + WEIGH_VECTORS * LANES <= s->width; d += WEIGH_VECTORS * LANES) {
        weigh_rows(s, t, r0, d, next, next_element, rows, WEIGH_VECTORS, kv_type);
    }
    for (; d < s->width; d += LANES) {
        weigh_rows(s, t, r0, d, next, next_element, rows, 1, kv_type);
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
#define EACH_COUNT_8 CASE(2) CASE(3) CASE(4) CASE(5) CASE(6) CASE(7) CASE(8)
#define EACH_COUNT_OF(most) EACH_COUNT(most)

INLINE void score_all(const scratch *s, const tile *t, size_t head_dim, int rows,
                      const tile *next, size_t next_element, const int kv_type) {
    for (int r = 0; r < rows; r += SCORE_ROWS) {
        const float *q = s->q + (size_t)r * head_dim;
        float *weights = s->weights + r * TILE;
        for (int strip = t->low / STRIP; strip <= t->high / STRIP; strip++) {
#define CASE(n)                                                                              \
    case n:                                                                                  \
        score_strip(q, t, weights, head_dim, strip, next, next_element, n, kv_type);          \
        break;
            switch (rows - r < SCORE_ROWS ? rows - r : SCORE_ROWS) {
                EACH_COUNT_OF(SCORE_ROWS)
            default:
                break;
            }
#undef CASE
        }
        next = NULL;
    }
}

INLINE void weigh_all(const scratch *s, const tile *t, int rows, const tile *next,
                      size_t next_element, const int kv_type) {
    for (int r = 0; r < rows; r += WEIGH_ROWS) {
#define CASE(n)                                                   \
    case n:                                                       \
        weigh_width(s, t, r, next, next_element, n, kv_type);      \
        break;
        switch (rows - r < WEIGH_ROWS ? rows - r : WEIGH_ROWS) {
            EACH_COUNT_OF(WEIGH_ROWS)
        default:
            break;
        }
#undef CASE
        next = NULL;
    }
}

#endif
