// Attention over pairs of bf16 (attention/pairs.h) by the instruction that multiplies them: twice
// the products of floats. Included by attention/pairs.h where a level has it.
#ifndef QK_ATTENTION_PAIRS_MULTIPLIED_H
#define QK_ATTENTION_PAIRS_MULTIPLIED_H

enum {
    PAIR_BLOCKS = 2,  // the most blocks of a value whose sums stay in registers
    PAIR_VECTORS = TILE / LANES,
};

typedef uint32_t __attribute__((may_alias)) bf16_pair;

// sum + the products of a's pairs and the pair at p; see v_fma_all.
static inline vf v_dot_pair(vf sum, vi a, const bf16_pair *p) {
    __asm__("vdpbf16ps %2%{1to16%}, %1, %0" : "+v"(sum) : "v"(a), "m"(*p));
    return sum;
}

// Queries as score_pairs() reads them: runs of rows, [element / 2][SCORE_ROWS] pairs each.
static void interleave_pairs(const qk_attention *a, const scratch *s) {
    int rows = a->queries * a->group;
    size_t head_dim = (size_t)a->head_dim;
    vf scale = v_set1(query_scale(a));
    for (int i = 0, r = 0; r < rows; i++) {
        bf16_pair *to = (bf16_pair *)s->q + (size_t)(i * SCORE_ROWS) * head_dim / 2;
        for (int end = run_start(rows, SCORE_ROWS, i + 1); r < end; r++, to++) {
            size_t head = (size_t)(r % a->group) * head_dim;
            const float *q = a->q + (size_t)(r / a->group) * a->q_stride + head;
            for (size_t d = 0; d < head_dim; d += PAIR_BLOCK) {
                vf low = v_mul(v_load(q + d), scale), high = v_mul(v_load(q + d + LANES), scale);
                bf16_pair pairs[LANES];
                _mm512_storeu_si512(pairs, (vi)_mm512_cvtne2ps_pbh(high, low));
                for (size_t p = 0; p < LANES; p++) {
                    to[(d / 2 + p) * SCORE_ROWS] = pairs[p];
                }
            }
        }
    }
}

// weights[row][position] = q[row] . keys[position] for `rows` rows and all positions of the tile.
INLINE void score_pairs(const bf16_pair *q, const tile *t, float *weights, size_t head_dim,
                        prefetching *next, const int rows) {
    // From the elements d and d + 1 of a group, one after the other, to pairs.
    const vi pairs = _mm512_set_epi16(
        31, 15, 30, 14, 29, 13, 28, 12, 27, 11, 26, 10, 25, 9, 24, 8, 23, 7, 22, 6, 21, 5, 20, 4,
        19, 3, 18, 2, 17, 1, 16, 0);
    vf total[SCORE_ROWS][PAIR_VECTORS];
    for (int r = 0; r < rows; r++) {
        for (int v = 0; v < PAIR_VECTORS; v++) {
            total[r][v] = v_set1(0);
        }
    }
    prefetching k = *next;
    for (size_t d = 0; d < head_dim; d += 2) {
        prefetch_four(&k);
        for (int v = 0; v < PAIR_VECTORS; v++) {
            vi keys = _mm512_permutexvar_epi16(pairs, vi_load(t->groups[v] + d * 32));
            for (int r = 0; r < rows; r++) {
                total[r][v] = v_dot_pair(total[r][v], keys, q + d / 2 * SCORE_ROWS + r);
            }
        }
    }
    *next = k;
    for (int r = 0; r < rows; r++) {
        for (int v = 0; v < PAIR_VECTORS; v++) {
            v_store(weights + r * TILE + v * LANES, total[r][v]);
        }
    }
}

// The weights of a row as pairs: [row][TILE / 2].
INLINE bf16_pair *weight_pairs(const scratch *s, int r) {
    return (bf16_pair *)s->weight_planes + (size_t)r * (TILE / 2);
}

// Turns the scores of one row into pairs of weights; vectors outside from...to are hidden.
INLINE void soften_row_pairs(const scratch *s, int r, const int from, const int to) {
    vf x[PAIR_VECTORS], next = v_set1(s->next[r]);
    for (int v = 0; v < PAIR_VECTORS; v++) {
        bool seen = v >= from && v <= to;
        x[v] = seen ? v_sub(v_load(s->weights + r * TILE + v * LANES), next)
                    : v_set1(-INFINITY);
    }
    v_exp2_short(x, PAIR_VECTORS);
    const bf16_pair one = 0x3f803f80;
    float *denominator = s->part.denominator + (size_t)r * WIDE;
    vf sum = v_mul(v_load(denominator), v_set1(s->decay[r]));
    for (int v = 0; v < PAIR_VECTORS; v += 2) {
        vi pairs = (vi)_mm512_cvtne2ps_pbh(x[v + 1], x[v]);
        sum = v_dot_pair(sum, pairs, &one);
        _mm512_storeu_si512(weight_pairs(s, r) + v * LANES / 2, pairs);
    }
    v_store(denominator, sum);
}

static void soften_pairs(const qk_attention *a, const scratch *s, const tile *t, int64_t base) {
    mask_all(a, s, t, base);
    find_decay(a, s);
    bool full = t->low < LANES && t->high >= TILE - LANES;
    for (int r = 0; r < a->queries * a->group; r++) {
        if (full) {
            soften_row_pairs(s, r, 0, PAIR_VECTORS - 1);
        } else {
            soften_row_pairs(s, r, t->low / LANES, t->high / LANES);
        }
    }
}

// sum = sum * decay + weights . values, for `rows` rows and `blocks` blocks of elements. A block's
// sums lie as unpacking leaves its pairs: the elements 0-3, 8-11, 16-19 and 24-27, then the rest.
INLINE void weigh_pairs(const scratch *s, const tile *t, int r0, size_t d, prefetching *next,
                        const int rows, const int blocks) {
    vf sum[WEIGH_ROWS][2 * PAIR_BLOCKS];
    for (int r = 0; r < rows; r++) {
        vf decay = v_set1(s->decay[r0 + r]);
        for (int v = 0; v < 2 * blocks; v++) {
            const float *p = s->part.sum + (size_t)(r0 + r) * s->width + d + (size_t)(v * LANES);
            sum[r][v] = v_mul(v_load(p), decay);
        }
    }
    prefetching k = *next;
    for (int j = t->low & ~1; j <= t->high; j += 2) {
        const uint8_t *p = value_at(t, j) + d * 2;
        prefetch_four(&k);
        for (int b = 0; b < blocks; b++) {
            // What nobody sees may be no number.
            vi none = vi_set1(0);
            vi even = j >= t->low ? vi_load(p + b * 64) : none;
            vi odd = j < t->high ? vi_load(p + t->value_step + b * 64) : none;
            vi low = _mm512_unpacklo_epi16(even, odd), high = _mm512_unpackhi_epi16(even, odd);
            for (int r = 0; r < rows; r++) {
                const bf16_pair *weight = weight_pairs(s, r0 + r) + j / 2;
                sum[r][2 * b] = v_dot_pair(sum[r][2 * b], low, weight);
                sum[r][2 * b + 1] = v_dot_pair(sum[r][2 * b + 1], high, weight);
            }
        }
    }
    *next = k;
    for (int r = 0; r < rows; r++) {
        for (int v = 0; v < 2 * blocks; v++) {
            float *p = s->part.sum + (size_t)(r0 + r) * s->width + d + (size_t)(v * LANES);
            v_store(p, sum[r][v]);
        }
    }
}

INLINE void weigh_width_pairs(const scratch *s, const tile *t, int r, prefetching *next,
                              const int rows) {
    size_t d = 0;
    for (; d + PAIR_BLOCKS * PAIR_BLOCK <= s->width; d += PAIR_BLOCKS * PAIR_BLOCK) {
        weigh_pairs(s, t, r, d, next, rows, PAIR_BLOCKS);
    }
    for (; d < s->width; d += PAIR_BLOCK) {
        weigh_pairs(s, t, r, d, next, rows, 1);
    }
}

// Copies a tile of blocks that are not grouped to groups in scratch.
static void gather_pairs(const scratch *s, const tile *t, tile *copy, size_t head_dim) {
    uint16_t *keys = (uint16_t *)(void *)s->keys, *values = (uint16_t *)(void *)s->values;
    copy->value_step = head_dim * 2;
    for (int i = 0; i < TILE / GROUP; i++) {
        copy->groups[i] = (const uint8_t *)(keys + (size_t)(i * GROUP) * head_dim);
        copy->value_groups[i] = (const uint8_t *)(values + (size_t)(i * GROUP) * head_dim);
    }
    for (int i = t->low; i <= t->high; i++) {
        const uint16_t *key = (const uint16_t *)(const void *)t->keys[i];
        uint16_t *to = keys + (size_t)(i / GROUP * GROUP) * head_dim + i % GROUP;
        for (size_t d = 0; d < head_dim; d++) {
            to[d * GROUP] = key[d];
        }
        memcpy(values + (size_t)i * head_dim, t->values[i], head_dim * 2);
    }
}

static void attend_pairs(const qk_attention *a, const scratch *s, const tile *t, int64_t base,
                         prefetching *next) {
    int rows = a->queries * a->group;
    size_t head_dim = (size_t)a->head_dim;
    tile copy = {.low = t->low, .high = t->high};
    if (!is_grouped(a->block_size)) {
        gather_pairs(s, t, &copy, head_dim);
        t = &copy;
    }
    // Half of the lines in as many steps; other rows prefetch nothing.
    prefetching none = {.tile = NULL}, *turn = next;
    for (int i = 0, r = 0, end; r < rows; i++, r = end) {
        const bf16_pair *q = (const bf16_pair *)s->q + (size_t)(i * SCORE_ROWS) * head_dim / 2;
        end = run_start(rows, SCORE_ROWS, i + 1);
#define CASE(n)                                                           \
    case n:                                                               \
        score_pairs(q, t, s->weights + r * TILE, head_dim, turn, n);      \
        break;
        switch (end - r) {
            EACH_COUNT_OF(SCORE_ROWS)
        default:
            break;
        }
#undef CASE
        turn = &none;
    }
    soften_pairs(a, s, t, base);
    for (int i = 0, r = 0, end; r < rows; i++, r = end) {
        end = run_start(rows, WEIGH_ROWS, i + 1);
#define CASE(n)                                     \
    case n:                                         \
        weigh_width_pairs(s, t, r, next, n);        \
        break;
        switch (end - r) {
            EACH_COUNT_OF(WEIGH_ROWS)
        default:
            break;
        }
#undef CASE
    }
}

// Puts the sums of a row in order.
static void order_pairs(float *sum, size_t head_dim) {
    for (size_t d = 0; d < head_dim; d += PAIR_BLOCK) {
        float copy[PAIR_BLOCK];
        memcpy(copy, sum + d, sizeof copy);
        for (size_t i = 0; i < PAIR_BLOCK; i += 8) {
            memcpy(sum + d + i, copy + i / 2, 4 * sizeof(float));
            memcpy(sum + d + i + 4, copy + LANES + i / 2, 4 * sizeof(float));
        }
    }
}

#endif
