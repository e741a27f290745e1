// What attention asks memory for while it computes. Included by attention_body.h.
//
// Blocks lie anywhere in the arena, so the hardware cannot guess where the next tile is.
#ifndef QK_ATTENTION_ASKING_H
#define QK_ATTENTION_ASKING_H

#include "attention_tile.h"

// What is asked for of the next tile while this one is computed: the keys of its first group, its
// values, the keys of the second, and so on. The prefetchers of the caches follow runs of lines.
typedef struct asking {
    const tile *tile;     // null: there is nothing left to be asked for
    const uint8_t *line;  // the next one
    int run;              // twice the group, + 1 for its values
    size_t lines, left;   // of a run, and those of this run that are not asked for
} asking;

INLINE const uint8_t *asked_run(const tile *t, int run) {
    return run % 2 != 0 ? t->value_groups[run / 2] : t->groups[run / 2];
}

// All of a tile; null, or blocks that are not grouped: nothing.
static asking begin_asking(const qk_attention *a, const tile *t) {
    asking k = {.tile = is_grouped(a->block_size) ? t : NULL};
    if (k.tile != NULL) {
        k.lines = k.left = (GROUP * slot_size(a->kv_type, (size_t)a->head_dim) + 63) / 64;
        k.line = asked_run(t, 0);
    }
    return k;
}

// How many lines to ask for at each of `steps`, so that then all of the groups before `end` are.
INLINE size_t asked_each(const asking *k, int end, size_t steps) {
    size_t runs = k->tile != NULL && 2 * end > k->run ? (size_t)(2 * end - k->run) : 0;
    return (runs * k->lines + steps - 1) / steps;
}

INLINE void next_run(asking *k) {
    k->run++;
    k->left = k->lines;
    k->tile = k->run < 2 * TILE / GROUP ? k->tile : NULL;
    k->line = k->tile != NULL ? asked_run(k->tile, k->run) : NULL;
}

// Between the products: all at once would stall them.
INLINE void ask(asking *k, size_t count) {
    for (; count > 0 && k->tile != NULL; count--) {
        __builtin_prefetch(k->line, 0, 2);
        k->line += 64;
        if (--k->left == 0) {
            next_run(k);
        }
    }
}

// The same where a run is a whole number of fours.
INLINE void ask_four(asking *k) {
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
// asked for: blocks lie anywhere, and what asks for a line waits until its page is found.
static void look_up(const qk_attention *a, const tile *t) {
    // int8 is bound by its products.
    bool scattered = is_grouped(a->block_size) && a->block_size < TILE;
    for (int g = 0; g < TILE / GROUP && scattered && a->kv_type != QK_KV_INT8; g++) {
        __builtin_prefetch(t->groups[g], 0, 2);
    }
}

#endif
