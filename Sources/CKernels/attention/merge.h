// The merge of what rows have seen of the parts of their context. Included by attention/body.h.
//
// Parts are the leaves of a tree: parts 2i and 2i + 1 are merged, then pairs of those, whatever
// thread has attended them. What a row does not see has no leaf, and a tree without its left or
// right half is the other half. A stack holds what waits for its right half, as a binary counter
// does, so few states are kept, and a run of 2^level parts, attended by itself, leaves one.
#ifndef QK_ATTENTION_MERGE_H
#define QK_ATTENTION_MERGE_H

#include "attention/softmax.h"

// Rows that have seen nothing.
static void forget(const state *s, size_t rows, size_t width) {
    memset(s->sum, 0, rows * width * sizeof(float));
    memset(s->denominator, 0, rows * WIDE * sizeof(float));
    for (size_t r = 0; r < padded(rows); r++) {
        s->maximum[r] = -INFINITY;
    }
}

// all = all and part, by the logarithms of their sums. What has seen nothing changes nothing.
static void merge(const state *all, const state *part, size_t rows, size_t width) {
    for (size_t r = 0; r < rows; r++) {
        float before = all->maximum[r], here = part->maximum[r];
        float largest = here > before ? here : before;
        if (largest == -INFINITY) {
            continue;
        }
        vf old = v_exp2(v_set1(before - largest)), new = v_exp2(v_set1(here - largest));
        all->maximum[r] = largest;
        float *sum = all->sum + r * width, *denominator = all->denominator + r * WIDE;
        const float *more = part->sum + r * width;
        for (size_t d = 0; d < width; d += LANES) {
            vf x = v_mul(v_load(more + d), new);
            v_store(sum + d, v_fma(v_load(sum + d), old, x));
        }
        for (size_t l = 0; l < WIDE; l += LANES) {
            vf x = v_mul(v_load(part->denominator + r * WIDE + l), new);
            v_store(denominator + l, v_fma(v_load(denominator + l), old, x));
        }
    }
}

// Adds states[*count], the tree of the index'th run, to the trees before it; first: the index of
// the first run that is seen.
static void add_tree(const state *states, int *count, int64_t index, int64_t first, size_t rows,
                     size_t width) {
    int n = *count;
    for (int level = 0; (index & 1) != 0; level++, index >>= 1) {
        if (index << level > first) {
            merge(&states[n - 1], &states[n], rows, width);
            n--;
        }
    }
    *count = n + 1;
}

// Leaves all in states[0].
static void join_trees(const state *states, int count, size_t rows, size_t width) {
    for (; count > 1; count--) {
        merge(&states[count - 2], &states[count - 1], rows, width);
    }
}

#endif
