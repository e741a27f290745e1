// The online softmax of int8 attention. Included by attention/int8.h.
//
// Scores come without their row's scale, and leave as integers of 16 bits: weights relative to the
// largest of the tile, times the scales of the values. What is relative to the largest so far is
// the integers' scale. So the integers have all their bits in every tile, and neither a second
// pass over the weights nor a maximum of their own is needed.
//
//   weight * value scale = integer * (2^lift * the largest value scale / MOST_WEIGHT)
#ifndef QK_ATTENTION_SOFTMAX_INT8_H
#define QK_ATTENTION_SOFTMAX_INT8_H

#include "attention/softmax.h"

// An integer's high plane is at most 255, also where rounding has left a weight above 1.
enum { MOST_WEIGHT = 255 * 256 };

// 2^x for x <= 0 within 2^-18, half of what an integer resolves; 0 from -150 down, NaN stays.
// Of `count` vectors step by step: one after the other they would wait for their own steps.
INLINE void v_exp2_short(vf *x, const int count) {
    vf n[16 * WIDE], p[16 * WIDE];
    for (int v = 0; v < count; v++) {
        x[v] = v_max(v_set1(-151.0f), x[v]);
        n[v] = v_round(x[v]);
    }
    for (int v = 0; v < count; v++) {
        x[v] = v_sub(x[v], n[v]);
    }
    // The least relative error of this degree for |x| <= 1/2.
    const float c[5] = {0x1.3997d4p-7f, 0x1.ca1440p-5f, 0x1.ec06dap-3f, 0x1.62e0dcp-1f,
                        0x1.ffffe8p-1f};
    for (int v = 0; v < count; v++) {
        p[v] = v_set1(c[0]);
    }
    for (int i = 1; i < 5; i++) {
        for (int v = 0; v < count; v++) {
            p[v] = v_fma(p[v], x[v], v_set1(c[i]));
        }
    }
    for (int v = 0; v < count; v++) {
        x[v] = v_ldexp(p[v], n[v]);
    }
}

// What one query sees of a tile: the keys low...high; low > high: nothing.
typedef struct sight {
    int64_t low, high;
} sight;

INLINE sight seen_by(const qk_attention *a, int query, int64_t base) {
    int64_t position = a->first_position + query;
    int64_t first = first_seen(a, position);
    sight s = {.low = first - base < 0 ? 0 : first - base, .high = position - base};
    s.high = s.high < TILE ? s.high : TILE - 1;
    return s;
}

// Whether all queries see the whole tile.
static inline bool seen_whole(const qk_attention *a, int64_t base) {
    sight first = seen_by(a, 0, base), last = seen_by(a, a->queries - 1, base);
    return first.high == TILE - 1 && last.low == 0;
}

INLINE bool hides(const sight *sight, int v) {
    return v * LANES > sight->high || v * LANES + LANES - 1 < sight->low;
}

// What takes the weights of a tile to integers, by position; the largest scale of its values. NaN
// if one of those is.
INLINE float value_factors(const scratch *s, const tile *t, sight sight) {
    vf x[TILE_VECTORS], largest = v_set1(0), zero = largest;
    vw sum = w_set1(0);
    for (int v = 0; v < TILE_VECTORS; v++) {
        x[v] = zero;
        if (hides(&sight, v)) {
            continue;
        }
        const uint8_t *group = t->value_groups[v * LANES / GROUP];
        x[v] = v_load((const float *)(const void *)group + v * LANES % GROUP);
        // A slot that was never written may have any scale.
        if (sight.low > v * LANES || sight.high < v * LANES + LANES - 1) {
            vf position = v_add(v_iota(), v_set1((float)(v * LANES)));
            x[v] = v_select(v_less(position, v_set1((float)sight.low)), zero, x[v]);
            x[v] = v_select(v_less(v_set1((float)sight.high), position), zero, x[v]);
        }
        largest = v_max(x[v], largest);
        sum.part[v % WIDE_PARTS] = v_add(sum.part[v % WIDE_PARTS], x[v]);
    }
    float most = v_hmax(largest);
    // What is so small that its inverse overflows weighs nothing.
    vf inverse = v_set1(most > 0x1p-100f ? MOST_WEIGHT / most : 0);
    for (int v = 0; v < TILE_VECTORS; v++) {
        v_store(s->factors + v * LANES, v_mul(x[v], inverse));
    }
    return w_sum(sum) * 0 == 0 ? most : NAN;
}

// The planes of the weights: [row][high, low][TILE].
INLINE uint8_t *weight_planes(const scratch *s, int r) {
    return s->weight_planes + (size_t)r * 2 * TILE;
}

// The largest score of each row, of those that see the tile, and, where not all see all of it or
// scores are not plain, the scores of what they see.
static void largest_int8(const qk_attention *a, const scratch *s, const tile *t, int64_t base,
                         bool plain, bool whole) {
    int rows = a->queries * a->group;
    for (int r = 0; whole && r < rows; r += 8) {
        vf largest[8];
        for (int i = 0; i < 8; i++) {
            const float *scores = s->weights + (r + i < rows ? r + i : r) * TILE;
            largest[i] = v_load(scores);
            for (int v = 1; v < TILE_VECTORS; v++) {
                largest[i] = v_max(v_load(scores + v * LANES), largest[i]);
            }
        }
        v_hmax8(s->next + r, largest);
    }
    for (int r = 0; !whole && r < rows; r++) {
        float *scores = s->weights + r * TILE;
        sight sight = seen_by(a, r / a->group, base);
        if (!plain) {
            for (int v = t->low / LANES; v <= t->high / LANES; v++) {
                vf x = v_mul(v_load(scores + v * LANES), v_set1(s->query_scale[r]));
                v_store(scores + v * LANES, x);
            }
            bend_row(a, scores, r / a->group, r % a->group, base, t->low / WIDE, t->high / WIDE);
        }
        s->next[r] = mask_row(scores, sight.low, sight.high, t->low / WIDE, t->high / WIDE);
    }
}

// The largest scores so far, and what takes sums and weights there.
static void follow_largest(const qk_attention *a, const scratch *s, bool plain) {
    for (int r = 0; r < a->queries * a->group; r += LANES) {
        vf scale = plain ? v_load(s->query_scale + r) : v_set1(1);
        vf none = v_set1(-INFINITY), zero = v_set1(0), before = v_load(s->part.maximum + r);
        vf largest = v_mul(v_load(s->next + r), scale), next = v_max(largest, before);
        // A row that has seen no key keeps its nothing.
        vm nothing = v_equal(next, none);
        v_store(s->decay + r, v_exp2(v_select(nothing, zero, v_sub(before, next))));
        v_store(s->lift + r, v_exp2(v_select(nothing, zero, v_sub(largest, next))));
        v_store(s->part.maximum + r, next);
        v_store(s->next + r, v_select(v_equal(largest, none), zero, largest));
    }
}

// Turns the scores of some rows, all of them, into the planes of their weights.
INLINE void soften_rows_int8(const scratch *s, int r0, const int rows) {
    enum { N = TILE_VECTORS };
    vf x[2 * N], y[2 * N];
    for (int r = 0; r < rows; r++) {
        const float *scores = s->weights + (r0 + r) * TILE;
        vf minus = v_set1(-s->next[r0 + r]), factor = v_set1(s->query_scale[r0 + r]);
        for (int v = 0; v < N; v++) {
            x[r * N + v] = v_fma(v_load(scores + v * LANES), factor, minus);
        }
    }
    v_exp2_short(x, rows * N);
    for (int r = 0; r < rows; r++) {
        for (int v = 0; v < N; v++) {
            y[r * N + v] = v_mul(x[r * N + v], v_load(s->factors + v * LANES));
        }
    }
    for (int r = 0; r < rows; r++) {
        vi n[N];
        vw total = w_set1(0);
        for (int v = 0; v < N; v++) {
            vf *part = &total.part[v % WIDE_PARTS];
            *part = v_add(*part, x[r * N + v]);
            n[v] = v_to_int(y[r * N + v]);
        }
        uint8_t *planes = weight_planes(s, r0 + r);
        vi_store_planes(planes, planes + TILE, n);
        add_weights(s, r0 + r, w_mul(total, w_set1(s->lift[r0 + r])));
    }
}

// The same for a row that sees a part of the tile, or whose scores are not plain.
INLINE void soften_row_int8(const scratch *s, int r, float scale, sight sight) {
    const float *scores = s->weights + r * TILE;
    vf minus = v_set1(-s->next[r]), factor = v_set1(scale);
    vw total = w_set1(0);
    vi n[TILE_VECTORS];
    for (int v = 0; v < TILE_VECTORS; v++) {
        n[v] = vi_set1(0);
        if (hides(&sight, v)) {
            continue;
        }
        vf x = v_fma(v_load(scores + v * LANES), factor, minus);
        v_exp2_short(&x, 1);
        vf *part = &total.part[v % WIDE_PARTS];
        *part = v_add(*part, x);
        n[v] = v_to_int(v_mul(x, v_load(s->factors + v * LANES)));
    }
    vi_store_planes(weight_planes(s, r), weight_planes(s, r) + TILE, n);
    add_weights(s, r, w_mul(total, w_set1(s->lift[r])));
}

// Turns scores into the planes of weights.
static void soften_int8(const qk_attention *a, const scratch *s, const tile *t, int64_t base) {
    int rows = a->queries * a->group;
    const bool plain = is_plain(a), whole = plain && seen_whole(a, base);
    const sight all = {.low = 0, .high = TILE - 1};
    float most = whole ? value_factors(s, t, all) : 0;
    largest_int8(a, s, t, base, plain, whole);
    follow_largest(a, s, plain);
    int r = 0;
    for (; whole && r + SOFTEN_ROWS <= rows; r += SOFTEN_ROWS) {
        soften_rows_int8(s, r, SOFTEN_ROWS);
    }
    for (; whole && r < rows; r++) {
        soften_rows_int8(s, r, 1);
    }
    for (; r < rows; r++) {
        sight sight = seen_by(a, r / a->group, base);
        float scale = plain ? s->query_scale[r] : 1;
        s->weight_scale[r] = value_factors(s, t, sight);
        soften_row_int8(s, r, scale, sight);
    }
    for (r = 0; r < rows; r++) {
        most = whole ? most : s->weight_scale[r];
        s->weight_scale[r] = most * (1.0f / MOST_WEIGHT) * s->lift[r];
    }
}

#endif
