// Attention over paged keys and values, written once over a level's vector operations.
//
// The online softmax of flash attention (Milakov and Gimelshein 2018; Dao et al. 2022), with long
// contexts split as in FlashDecoding (Dao et al. 2023). A row is one query head at one query
// position. This is the order of a row's arithmetic, whatever path computes it:
//
// - positions are counted from 0 and lie in parts of QK_ATTENTION_PART, parts in tiles of
//   QK_ATTENTION_TILE;
// - a score is one chain of fused products over the head's elements, in order (but for int8,
//   see attention/int8.h);
// - within a part, tile by tile: the largest score so far, then sum = sum * decay and one chain of
//   fused products over the tile's values, in order; the same for the sum of weights, in sixteen
//   lanes (vectors/wide.h);
// - parts begin with nothing and are merged in pairs, and pairs of pairs (attention/merge.h).
//
// A key that a row does not see weighs exactly 0, and adding 0 * v changes nothing (v is finite,
// see kv_store); a part of which a row sees nothing merges without a change. So nothing depends on
// the other rows, on how an item's parts are spread over calls, or on whether keys and values are
// converted to f32 in scratch (once for many rows) or in registers (for few rows).
//
// Of latent vectors (value_dim), a tile's keys are converted and transposed into its values: a page
// has them once.
//
// bf16 differs: it is multiplied in pairs (attention/pairs.h).
//
// A level defines SCORE_ROWS, WEIGH_ROWS (1, 3, 4 or 7), SCORE_VECTORS and WEIGH_VECTORS by its
// registers, and PAGE_ROWS: the most rows for which keys and values are converted in registers.
#include <math.h>
#include <string.h>

#include "CKernels.h"
#include "vectors/wide.h"
#include "attention/products.h"
#include "attention/softmax.h"
#include "attention/merge.h"
#include "attention/int8.h"
#include "attention/pairs.h"

static void begin(const qk_attention *a, const scratch *s) {
    size_t head_dim = (size_t)a->head_dim, group = (size_t)a->group;
    for (size_t i = 0; i < (size_t)a->queries; i++) {
        memcpy(s->q + i * group * head_dim, a->q + i * a->q_stride,
               group * head_dim * sizeof(float));
    }
    if (a->kv_type == QK_KV_INT8) {
        int rows = a->queries * a->group;
        for (int i = 0, r = 0; r < rows; i++) {
            int8_t *planes = query_planes(s, head_dim, i);
            for (int end = run_start(rows, INT8_ROWS, i + 1); r < end; r++, planes += 8) {
                quantize_query(s, head_dim, r, planes);
                s->query_scale[r] *= query_scale(a);
            }
        }
    }
}

static void prepare(const qk_attention *a, const scratch *s) {
    if (a->kv_type == QK_KV_INT8) {
        begin(a, s);
    } else if (is_paired(a)) {
        interleave_pairs(a, s);
    } else {
        interleave(a, s, false);
    }
}

// What a row's sums are multiplied by, and its sum of weights then, where its head has a sink: one
// more score, whose key has no value.
typedef struct share {
    vf kept, denominator;
} share;

static share share_of(const qk_attention *a, const state *all, size_t r, size_t head) {
    vf denominator = v_set1(w_sum(w_load(all->denominator + r * WIDE)));
    share s = {.kept = v_set1(1), .denominator = denominator};
    if (a->sinks != NULL) {
        float sink = a->sinks[head] * LOG2E, before = all->maximum[r];
        float largest = sink > before ? sink : before;
        s.kept = v_exp2(v_set1(before - largest));
        s.denominator = v_fma(denominator, s.kept, v_exp2(v_set1(sink - largest)));
    }
    return s;
}

static void finish(const qk_attention *a, const state *all, size_t width) {
    size_t head_dim = value_dim(a), r = 0;
    for (size_t i = 0; i < (size_t)a->queries; i++) {
        for (size_t g = 0; g < (size_t)a->group; g++, r++) {
            if (is_paired(a)) {
                order_pairs(all->sum + r * width, head_dim);
            }
            float *out = a->out + i * a->out_stride + g * head_dim;
            const share share = share_of(a, all, r, g);
            for (size_t d = 0; d < head_dim; d += LANES) {
                // + 0: whether a sum of zeros is -0 may depend on hidden keys.
                vf sum = v_mul(v_load(all->sum + r * width + d), share.kept);
                vf y = v_div(sum, share.denominator);
                y = v_add(y, v_set1(0));
                if (d + LANES <= head_dim) {
                    v_store(out + d, y);
                } else {
                    v_store_partial(out + d, y, head_dim - d);
                }
            }
            if (a->kv_type == QK_KV_INT8) {
                qk_rotate(out, head_dim);
            }
        }
    }
}

static void attend_int8(const qk_attention *a, const scratch *s, const tile *t, int64_t base,
                        const tile *next) {
    int rows = a->queries * a->group;
    size_t head_dim = (size_t)a->head_dim;
    tile copy = {.low = t->low, .high = t->high};
    const tile *source = t;
    if (!is_grouped(a->block_size)) {
        gather_groups(s, t, &copy, head_dim);
        source = &copy;
    }
    score_int8(s, source, head_dim, rows, next);
    soften_int8(a, s, source, base);
    weigh_int8(s, source, head_dim, rows, next);
}

static void attend_tile(const qk_attention *a, const scratch *s, const tile *t, int64_t base,
                        prefetching *next) {
    int rows = a->queries * a->group;
    size_t head_dim = (size_t)a->head_dim;
    if (a->kv_type == QK_KV_INT8) {
        attend_int8(a, s, t, base, next->tile);
        return;
    }
    if (is_paired(a)) {
        attend_pairs(a, s, t, base, next);
        return;
    }
#define ATTEND(source, kv_type)                                              \
    score_all(s, source, head_dim, rows, next, kv_type, false);              \
    soften(a, s, t, base);                                                   \
    weigh_all(s, source, rows, next, kv_type, false);
    if (!reads_pages(a)) {
        tile copy = {.low = t->low, .high = t->high};
        converted(s, &copy);
        convert_tile(a, s, t);
        ATTEND(&copy, QK_KV_F32)
    } else if (a->kv_type == QK_KV_F16) {
        ATTEND(t, QK_KV_F16)
    } else if (a->kv_type == QK_KV_BF16) {
        ATTEND(t, QK_KV_BF16)
    } else {
        ATTEND(t, QK_KV_F32)
    }
#undef ATTEND
}

// Where an item of these rows leaves what it has seen.
static state stored(const qk_attention *a, size_t rows, size_t width, int item) {
    size_t floats = qk_attention_state((size_t)a->head_dim, rows);
    return divide_state(a->states + (size_t)item * floats, rows, width);
}

// Merges and writes what the items have left behind. `run`: that of the first of them.
static void finish_items(const qk_attention *a, size_t width, int64_t run) {
    size_t rows = (size_t)(a->queries * a->group);
    state states[QK_ATTENTION_LEVELS];
    int count = 0;
    for (int i = 0; i < a->items; i++) {
        states[count] = stored(a, rows, width, i);
        add_tree(states, &count, run + i, run, rows, width);
    }
    join_trees(states, count, rows, width);
    finish(a, &states[0], width);
}

// The positions base..<end are seen by some row: leaves what they give in states[0].
static void attend(const qk_attention *a, scratch *s, state *states, int64_t base, int64_t end,
                   int64_t first) {
    size_t rows = (size_t)(a->queries * a->group);
    int64_t last = a->first_position + a->queries - 1, from = base / PART;
    tile tiles[3];
    for (int i = 0; i < 2 && base + i * TILE < end; i++) {
        find_tile(a, base + i * TILE, first, last, &tiles[i]);
    }
    int count = 0;
    bool fresh = true;
    for (int i = 0; base < end; base += TILE, i = (i + 1) % 3) {
        const tile *next = base + TILE < end ? &tiles[(i + 1) % 3] : NULL;
        if (base + 2 * TILE < end) {
            find_tile(a, base + 2 * TILE, first, last, &tiles[(i + 2) % 3]);
            look_up(a, &tiles[(i + 2) % 3]);
        }
        if (fresh) {
            s->part = states[count];
            forget(&s->part, rows, s->width);
        }
        prefetching ahead = begin_prefetch(a, next);
        attend_tile(a, s, &tiles[i], base, &ahead);
        fresh = next == NULL || (base + TILE) % PART == 0;
        if (fresh) {
            add_tree(states, &count, base / PART, from, rows, s->width);
        }
    }
    join_trees(states, count, rows, s->width);
}

static void attention(const qk_attention *a) {
    size_t rows = (size_t)(a->queries * a->group);
    size_t floats = qk_attention_state((size_t)a->head_dim, rows);
    scratch s = divide(a->scratch, (size_t)a->head_dim, rows);
    s.width = padded(value_dim(a));
    state states[QK_ATTENTION_LEVELS];
    for (size_t i = 0; i < QK_ATTENTION_LEVELS; i++) {
        states[i] = divide_state(s.stack + i * floats, rows, s.width);
    }
    int64_t end = a->first_position + a->queries;
    int64_t first = first_seen(a, a->first_position);
    int64_t base = first / TILE * TILE;
    prepare(a, &s);
    if (a->states == NULL) {
        attend(a, &s, states, base, end, first);
        finish(a, &states[0], s.width);
        return;
    }
    int64_t length = (int64_t)PART << a->level, run = base / length;
    int64_t start = (run + a->item) * length;
    base = base < start ? start : base;
    end = end > start + length ? start + length : end;
    states[0] = stored(a, rows, s.width, a->item);
    attend(a, &s, states, base, end, first);
    if (__atomic_sub_fetch(a->left, 1, __ATOMIC_ACQ_REL) == 0) {
        finish_items(a, s.width, run);
        // The next layer's items begin after all of this layer's have ended.
        __atomic_store_n(a->left, a->items, __ATOMIC_RELAXED);
    }
}
