// What attention prefetches while it computes. Included by attention/body.h.
//
// Blocks lie anywhere in the arena, so the hardware cannot guess where the next tile is.
#ifndef QK_ATTENTION_PREFETCH_H
#define QK_ATTENTION_PREFETCH_H

#include "attention/tile.h"

// How far the next tile is prefetched while this one is computed: the keys of its first group, its
// values, the keys of the second, and so on. The prefetchers of the caches follow runs of lines.
typedef struct prefetching {
    const tile *tile;     // null: there is nothing left
    const uint8_t *line;  // the next one
    int run;              // twice the group, + 1 for its values
    int step;             // from a run to the next: 2 where values are not beside keys
    size_t lines, left;   // of a run, and those of this run that are left
} prefetching;

INLINE const uint8_t *run_of_tile(const tile *t, int run) {
    return run % 2 != 0 ? t->value_groups[run / 2] : t->groups[run / 2];
}

// All of a tile; null, or blocks that are not grouped: nothing.
static prefetching begin_prefetch(const qk_attention *a, const tile *t) {
    prefetching k = {.tile = is_grouped(a->block_size) ? t : NULL, .step = is_latent(a) ? 2 : 1};
    if (k.tile != NULL) {
        k.lines = k.left = (GROUP * qk_kv_slot_bytes(a->kv_type, (size_t)a->head_dim) + 63) / 64;
        k.line = run_of_tile(t, 0);
    }
    return k;
}

// How many lines to prefetch at each of `steps`, so that then all of the groups before `end` are.
INLINE size_t prefetch_each(const prefetching *k, int end, size_t steps) {
    int runs = k->tile != NULL && 2 * end > k->run ? (2 * end - k->run + k->step - 1) / k->step : 0;
    return ((size_t)runs * k->lines + steps - 1) / steps;
}

INLINE void next_run(prefetching *k) {
    k->run += k->step;
    k->left = k->lines;
    k->tile = k->run < 2 * TILE / GROUP ? k->tile : NULL;
    k->line = k->tile != NULL ? run_of_tile(k->tile, k->run) : NULL;
}

// Between the products: all at once would stall them.
INLINE void prefetch_some(prefetching *k, size_t count) {
    for (; count > 0 && k->tile != NULL; count--) {
        __builtin_prefetch(k->line, 0, 2);
        k->line += 64;
        if (--k->left == 0) {
            next_run(k);
        }
    }
}

// The same where a run is a whole number of fours.
INLINE void prefetch_four(prefetching *k) {
    if (k->tile == NULL) {
        return;
    }
    for (int i = 0; i < 4; i++) {
        __builtin_prefetch(k->line + i * 64, 0, 2);
    }
    k->line += 4 * 64;
    k->left -= 4;
    if (k->left == 0) {
        next_run(k);
    }
}

// Has the processor find out where a tile's groups are, all at once and before their lines are
// prefetched: blocks lie anywhere, and what wants a line waits until its page is found.
static void look_up(const qk_attention *a, const tile *t) {
    // int8 is bound by its products.
    bool scattered = is_grouped(a->block_size) && a->block_size < TILE;
    for (int g = 0; g < TILE / GROUP && scattered && a->kv_type != QK_KV_INT8; g++) {
        __builtin_prefetch(t->groups[g], 0, 2);
    }
}

#endif
