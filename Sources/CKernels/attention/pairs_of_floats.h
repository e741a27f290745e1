// Attention over pairs of bf16 (attention/pairs.h) by products of floats. Included by
// attention/pairs.h where a level has no instruction for pairs.
#ifndef QK_ATTENTION_PAIRS_OF_FLOATS_H
#define QK_ATTENTION_PAIRS_OF_FLOATS_H

#define APART static __attribute__((noinline))

static void interleave_pairs(const qk_attention *a, const scratch *s) { interleave(a, s, true); }
static inline void order_pairs(float *sum, size_t head_dim) { (void)sum, (void)head_dim; }

// Turns the scores of one row into rounded weights; sixteens outside from...to are hidden.
INLINE void soften_row_pairs(const scratch *s, int r, const int from, const int to) {
    vf next = v_set1(s->next[r]);
    for (int v = 0; v < TILE_WIDES; v++) {
        float *weights = s->weights + r * TILE + v * WIDE;
        vf x[WIDE_PARTS];
        EACH_PART {
            x[i] = v >= from && v <= to ? v_sub(v_load(weights + i * LANES), next)
                                        : v_set1(-INFINITY);
        }
        v_exp2_short(x, WIDE_PARTS);
        EACH_PART { v_store(weights + i * LANES, v_rounded_bf16(x[i])); }
    }
}

// What decay leaves of all sums: before the products, which take and give no subnormal numbers.
static void decay_pairs(const scratch *s, int rows) {
    for (int r = 0; r < rows; r++) {
        vf decay = v_set1(s->decay[r]);
        float *sum = s->part.sum + (size_t)r * s->width;
        float *denominator = s->part.denominator + (size_t)r * WIDE;
        for (size_t d = 0; d < s->width; d += LANES) {
            v_store(sum + d, v_mul(v_load(sum + d), decay));
        }
        for (int l = 0; l < WIDE; l += LANES) {
            v_store(denominator + l, v_mul(v_load(denominator + l), decay));
        }
    }
}

// Adds the weights of all rows, in pairs.
APART void add_pairs(const scratch *s, int rows) {
    const float one = 1;
    for (int r = 0; r < rows; r++) {
        float *denominator = s->part.denominator + (size_t)r * WIDE;
        for (int v = 0; v < TILE; v += 2 * WIDE) {
            const float *weights = s->weights + r * TILE + v;
            for (int l = 0; l < WIDE; l += LANES, weights += 2 * LANES) {
                vf a = v_load(weights), b = v_load(weights + LANES);
                vf sum = v_load(denominator + l);
                sum = v_fma_flushed(&one, v_odd(a, b), sum);
                v_store(denominator + l, v_fma_flushed(&one, v_even(a, b), sum));
            }
        }
    }
}

APART void score_pairs(const scratch *s, const tile *t, size_t head_dim, int rows,
                       prefetching *next, bool in_page) {
    if (in_page) {
        score_all(s, t, head_dim, rows, next, QK_KV_BF16, true);
    } else {
        score_all(s, t, head_dim, rows, next, QK_KV_F32, true);
    }
}

APART void weigh_pairs(const scratch *s, const tile *t, int rows, prefetching *next,
                       bool in_page) {
    if (in_page) {
        weigh_all(s, t, rows, next, QK_KV_BF16, true);
    } else {
        weigh_all(s, t, rows, next, QK_KV_F32, true);
    }
}

static void attend_pairs(const qk_attention *a, const scratch *s, const tile *t, int64_t base,
                         prefetching *next) {
    int rows = a->queries * a->group;
    size_t head_dim = (size_t)a->head_dim;
    bool in_page = reads_pages(a);
    tile copy = {.low = t->low, .high = t->high};
    if (!in_page) {
        converted(s, &copy);
        convert_tile(a, s, t);
        t = &copy;
    }
    unsigned mode = v_begin_flushing();
    score_pairs(s, t, head_dim, rows, next, in_page);
    v_end_flushing(mode);
    mask_all(a, s, t, base);
    find_decay(a, s);
    bool full = t->low < WIDE && t->high >= TILE - WIDE;
    for (int r = 0; r < rows; r++) {
        if (full) {
            soften_row_pairs(s, r, 0, TILE_WIDES - 1);
        } else {
            soften_row_pairs(s, r, t->low / WIDE, t->high / WIDE);
        }
    }
    decay_pairs(s, rows);
    mode = v_begin_flushing();
    add_pairs(s, rows);
    weigh_pairs(s, t, rows, next, in_page);
    v_end_flushing(mode);
}

#endif
