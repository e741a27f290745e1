// The online softmax of attention. Included by attention/body.h.
#ifndef QK_ATTENTION_SOFTMAX_H
#define QK_ATTENTION_SOFTMAX_H

#include <math.h>

#include "attention/tile.h"

#define LOG2E 0x1.715476p+0f

// 2^x for x <= 0 within 3 ulp, exactly 1 at 0 and exactly 0 from -150 down: x = n + r with
// |r| <= 1/2, and 2^r = 1 + r p(r), where p interpolates (2^r - 1) / r at the Chebyshev nodes.
// NaN stays NaN.
static inline vf v_exp2(vf x) {
    x = v_max(v_set1(-151.0f), x);
    vf n = v_round(x), r = v_sub(x, n);
    vf p = v_fma(v_set1(0x1.5ec866p-10f), r, v_set1(0x1.3cbf6p-7f));
    p = v_fma(p, r, v_set1(0x1.c6afeep-5f));
    p = v_fma(p, r, v_set1(0x1.ebfa4cp-3f));
    p = v_fma(p, r, v_set1(0x1.62e43p-1f));
    return v_ldexp(v_fma(p, r, v_set1(1.0f)), n);
}

// Whether scores are what products give: neither capped nor lowered by a key's distance.
static inline bool is_plain(const qk_attention *a) {
    return a->soft_cap <= 0 && a->slopes == NULL;
}

// Caps the scores of one row and takes from them what keys lose by their distance, in a tile from
// position `base` on; sixteens of keys outside from...to are left alone. Apart, so that plain
// scores do not pay for it.
static __attribute__((noinline)) void bend_row(const qk_attention *a, float *weights, int query,
                                               int head, int64_t base, int from, int to) {
    const vf cap = v_set1(a->soft_cap * LOG2E);
    const vf slope = v_set1(a->slopes != NULL ? a->slopes[head] * LOG2E : 0);
    const float start = (float)(base - a->first_position - query);
    for (int v = from * WIDE_PARTS; v < (to + 1) * WIDE_PARTS; v++) {
        vf x = v_load(weights + v * LANES);
        if (a->soft_cap > 0) {
            x = v_mul(v_tanh(x), cap);
        }
        if (a->slopes != NULL) {
            x = v_fma(v_add(v_iota(), v_set1((float)(v * LANES) + start)), slope, x);
        }
        v_store(weights + v * LANES, x);
    }
}

// Masks the scores of one row; returns the largest. The row sees the keys low...high of the tile;
// sixteens of keys outside from...to are left alone.
INLINE float mask_row(float *weights, int64_t low, int64_t high, const int from, const int to) {
    vf largest = v_set1(-INFINITY), hidden = largest;
    for (int v = from * WIDE_PARTS; v < (to + 1) * WIDE_PARTS; v++) {
        vf x = v_load(weights + v * LANES);
        if (low > v * LANES || high < v * LANES + LANES - 1) {
            vf position = v_add(v_iota(), v_set1((float)(v * LANES)));
            x = v_select(v_less(position, v_set1((float)low)), hidden, x);
            x = v_select(v_less(v_set1((float)high), position), hidden, x);
        }
        v_store(weights + v * LANES, x);
        largest = v_max(x, largest);
    }
    return v_hmax(largest);
}

// The largest score of a row that sees the whole tile.
INLINE float largest_of(const float *weights) {
    vf largest[2] = {v_set1(-INFINITY), v_set1(-INFINITY)};
    for (int v = 0; v < TILE_VECTORS; v++) {
        largest[v % 2] = v_max(v_load(weights + v * LANES), largest[v % 2]);
    }
    return v_hmax(v_max(largest[0], largest[1]));
}

// Turns the scores of one row into weights; their sums by lane.
INLINE vw soften_row(float *weights, vf next, const int from, const int to) {
    vw total = w_set1(0);
    for (int v = from; v <= to; v++) {
        EACH_PART {
            float *p = weights + v * WIDE + i * LANES;
            vf weight = v_exp2(v_sub(v_load(p), next));
            v_store(p, weight);
            total.part[i] = v_add(total.part[i], weight);
        }
    }
    return total;
}

// sum = sum * decay + total, of a row's weights.
INLINE void add_weights(const scratch *s, int r, vw total) {
    float *denominator = s->part.denominator + (size_t)r * WIDE;
    w_store(denominator, w_fma(w_load(denominator), w_set1(s->decay[r]), total));
}

// Bends and masks the scores of a tile, and finds each row's largest.
static void mask_all(const qk_attention *a, const scratch *s, const tile *t, int64_t base) {
    const bool plain = is_plain(a);
    const int from = t->low / WIDE, to = t->high / WIDE;
    for (int i = 0, r = 0; i < a->queries; i++) {
        int64_t position = a->first_position + i;
        int64_t first = first_seen(a, position);
        int64_t low = first - base < 0 ? 0 : first - base < TILE ? first - base : TILE;
        int64_t high = position - base < TILE ? position - base : TILE - 1;
        // Most tiles are seen whole.
        bool whole = low == 0 && high == TILE - 1;
        for (int g = 0; g < a->group; g++, r++) {
            float *weights = s->weights + r * TILE, before = s->part.maximum[r];
            if (!plain) {
                bend_row(a, weights, i, g, base, from, to);
            }
            float largest = whole ? largest_of(weights) : mask_row(weights, low, high, from, to);
            s->next[r] = largest > before ? largest : before;
        }
    }
}

// What is kept of sums when the largest score changes, and the new ones.
static void find_decay(const qk_attention *a, const scratch *s) {
    for (int r = 0; r < a->queries * a->group; r += LANES) {
        vf next = v_load(s->next + r);
        // A row that has seen no key keeps its nothing.
        vm nothing = v_equal(next, v_set1(-INFINITY));
        vf change = v_select(nothing, v_set1(0), v_sub(v_load(s->part.maximum + r), next));
        v_store(s->decay + r, v_exp2(change));
        v_store(s->part.maximum + r, next);
        v_store(s->next + r, v_select(nothing, v_set1(0), next));
    }
}

// Turns scores into weights relative to the largest score so far.
static void soften(const qk_attention *a, const scratch *s, const tile *t, int64_t base) {
    mask_all(a, s, t, base);
    find_decay(a, s);
    bool full = t->low < WIDE && t->high >= TILE - WIDE;
    for (int r = 0; r < a->queries * a->group; r++) {
        vf next = v_set1(s->next[r]);
        float *weights = s->weights + r * TILE;
        add_weights(s, r,
                    full ? soften_row(weights, next, 0, TILE_WIDES - 1)
                         : soften_row(weights, next, t->low / WIDE, t->high / WIDE));
    }
}

#endif
