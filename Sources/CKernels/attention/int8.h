// Attention over int8 keys and values. Included by attention/body.h.
//
// Queries, and the weights of a tile, are quantised to 16 bits for each row and split into two
// planes of bytes, so that keys and values are multiplied as the integers that they are, exactly,
// in any order; what the planes lose is a hundredth of what int8 keys and values have lost before.
// Keys and values lie turned (attention/rotate.h): queries are turned too, and the output back.
// A tile's sum of weighted values is one product with the row's scale, added to what the tiles
// before have left.
//
//   key.q   = scale(key) * scale(q) * (256 * sum(key * high(q)) + sum(key * low(q)))
//   weights = scale(row, tile) * (256 * high + low), of weight * scale(value)
//
// A product is of bytes without a sign and signed ones. Keys are multiplied with their bias, which
// adds to a score what the query alone says; values without it, as weights have no sign.
#ifndef QK_ATTENTION_INT8_H
#define QK_ATTENTION_INT8_H

#include "attention/rotate.h"
#include "attention/softmax_int8.h"

enum {
    BIAS = 128,
    INT8_STRIP = INT8_KEYS * LANES,  // keys whose scores are computed at once
    MOST = 127 * 256 + 127,  // its high plane is at most 127
    EXACT_DIM = 512,         // elements whose products with keys sum to 32 bits
};

// The planes of the queries: runs of rows, [element / 4][row of the run][high, low][element % 4].
enum { QUERY_STEP = INT8_ROWS * 8 };

INLINE int8_t *query_planes(const scratch *s, size_t head_dim, int run) {
    return s->query_planes + (size_t)run * QUERY_STEP * (padded4(head_dim) / 4);
}

// The r'th row, whose planes are written from `to` on.
static void quantize_query(const scratch *s, size_t head_dim, int r, int8_t *to) {
    float *q = s->q + (size_t)r * head_dim;
    size_t bytes = padded4(head_dim);
    qk_rotate(q, head_dim);
    vf largest = v_set1(0);
    vw zeros = w_set1(0);
    for (size_t d = 0; d < head_dim; d += WIDE) {
        size_t rest = head_dim - d;
        vw x = rest >= WIDE ? w_load(q + d) : w_load_partial(q + d, rest, 0);
        EACH_PART { largest = v_max(v_abs(x.part[i]), largest); }
        zeros = w_fma(x, w_set1(0), zeros);
    }
    float most = v_hmax(largest), inverse = most > 0x1p-100f ? MOST / most : 0;
    // A query that is not finite makes its scores so: its product with 0 is NaN.
    bool finite = w_sum(zeros) == 0;
    // Not 0, by which a hidden key's score, -inf, could not be multiplied.
    s->query_scale[r] = !finite ? NAN : inverse > 0 ? most / MOST : 1;
    vi sums[2] = {vi_set1(0), vi_set1(0)};
    uint8_t planes[2][QK_KV_MAX_HEAD_DIM + LANES];
    for (size_t d = 0; d < bytes; d += LANES) {
        size_t rest = d < head_dim ? head_dim - d : 0;
        vf x = rest >= LANES ? v_load(q + d) : v_load_partial(q + d, rest, 0);
        vi n = v_to_int(finite ? v_mul(x, v_set1(inverse)) : v_set1(0));
        vi upper = vi_upper(vi_add(n, vi_set1(128)));
        vi lower = vi_sub(n, vi_lift(upper));
        sums[0] = vi_add(sums[0], upper);
        sums[1] = vi_add(sums[1], lower);
        vi_store_bytes(planes[0] + d, upper);
        vi_store_bytes(planes[1] + d, lower);
    }
    for (size_t d = 0; d < bytes; d += 4, to += QUERY_STEP) {
        memcpy(to, planes[0] + d, 4);
        memcpy(to + 4, planes[1] + d, 4);
    }
    s->query_bias[2 * r] = -BIAS * vi_sum(sums[0]);
    s->query_bias[2 * r + 1] = -BIAS * vi_sum(sums[1]);
}

// The lines of `bytes` bytes.
INLINE void prefetch(const uint8_t *p, size_t bytes) {
    for (size_t i = 0; i < bytes; i += 64) {
        __builtin_prefetch(p + i, 0, 2);
    }
}

// A line of a group and the same of the next group of the strip.
INLINE void prefetch_groups(const uint8_t *const *groups, size_t line) {
    __builtin_prefetch(groups[0] + line * 64, 0, 2);
    __builtin_prefetch(groups[1] + line * 64, 0, 2);
}

// weights[row][position] = q[row] . keys[position] / query_scale[row] for `rows` rows and the
// positions of a strip.
INLINE void score_bytes(const scratch *s, const tile *t, size_t head_dim, const int8_t *q, int r0,
                        int strip, const tile *next, const int rows) {
    vi total[INT8_ROWS][2][INT8_KEYS];
    for (int r = 0; r < rows; r++) {
        for (int v = 0; v < INT8_KEYS; v++) {
            total[r][0][v] = vi_set1(s->query_bias[2 * (r0 + r)]);
            total[r][1][v] = vi_set1(s->query_bias[2 * (r0 + r) + 1]);
        }
    }
    int first = strip * (INT8_STRIP / GROUP);
    size_t bytes = padded4(head_dim), scales = GROUP * sizeof(float);
    for (size_t d = 0; d < bytes; d += 4, q += QUERY_STEP) {
        if (next != NULL) {
            prefetch_groups(next->groups + first, d / 4);
        }
        vi keys[INT8_KEYS];
        for (int v = 0; v < INT8_KEYS; v++) {
            const uint8_t *p = t->groups[first + v * LANES / GROUP] + scales + d * GROUP;
            keys[v] = vi_load(p + v * LANES % GROUP * 4);
        }
        for (int r = 0; r < rows; r++) {
            for (int plane = 0; plane < 2; plane++) {
                const int8_t *x = q + r * 8 + plane * 4;
                for (int v = 0; v < INT8_KEYS; v++) {
                    total[r][plane][v] = vi_dot_all(total[r][plane][v], keys[v], x);
                }
            }
        }
    }
    if (next != NULL) {
        prefetch_groups(next->groups + first, bytes / 4);
    }
    const bool exact = head_dim <= EXACT_DIM;
// Wholly, or the sums would be kept in memory.
#pragma clang loop unroll(full)
    for (int v = 0; v < INT8_KEYS; v++) {
        const uint8_t *group = t->groups[first + v * LANES / GROUP];
        vf scale = v_load((const float *)(const void *)group + v * LANES % GROUP);
#pragma clang loop unroll(full)
        for (int r = 0; r < rows; r++) {
            vi high = total[r][0][v], low = total[r][1][v];
            vf x = exact ? v_from_int(vi_add(vi_lift(high), low))
                         : v_fma(v_from_int(high), v_set1(256), v_from_int(low));
            float *to = s->weights + (r0 + r) * TILE + strip * INT8_STRIP + v * LANES;
            v_store(to, v_mul(x, scale));
        }
    }
}

// Four values of the elements d.. of a quad of slots, without their bias; zeros beyond the head.
INLINE vi load_quad(const uint8_t *quad, size_t d, size_t head_dim) {
    if (d + LANES <= padded4(head_dim)) {
        return vi_load_signed(quad + d * 4);
    }
    uint8_t copy[LANES * 4] __attribute__((aligned(64)));
    memset(copy, BIAS, sizeof copy);
    if (d < head_dim) {
        memcpy(copy, quad + d * 4, (head_dim - d) * 4);
    }
    return vi_load_signed(copy);
}

// sum = sum * decay + weights . values, for `rows` rows and `vectors` vectors of the head.
INLINE void weigh_bytes(const scratch *s, const tile *t, size_t head_dim, int r0, size_t d,
                        const tile *next, const int rows, const int vectors) {
    vi total[INT8_ROWS][2][INT8_VECTORS];
    for (int r = 0; r < rows; r++) {
        for (int v = 0; v < vectors; v++) {
            total[r][0][v] = vi_set1(0);
            total[r][1][v] = vi_set1(0);
        }
    }
    size_t quad_bytes = padded4(head_dim) * 4, scales = GROUP * sizeof(float);
    const uint8_t *planes = weight_planes(s, r0);
    for (int j = t->low / 4; j <= t->high / 4; j++) {
        size_t offset = scales + (size_t)(j % (GROUP / 4)) * quad_bytes;
        const uint8_t *quad = t->value_groups[j / (GROUP / 4)] + offset;
        if (next != NULL) {
            const uint8_t *group = next->value_groups[j / (GROUP / 4)];
            prefetch(group + offset + d * 4, (size_t)(vectors * LANES * 4));
            if (d == 0 && j % (GROUP / 4) == 0) {
                prefetch(group, scales);  // they are wanted first
            }
        }
        vi values[INT8_VECTORS];
        for (int v = 0; v < vectors; v++) {
            values[v] = load_quad(quad, d + (size_t)(v * LANES), head_dim);
        }
        for (int r = 0; r < rows; r++) {
            for (int plane = 0; plane < 2; plane++) {
                vi x = vi_set4(planes + (r * 2 + plane) * TILE + vi_quad(j));
                for (int v = 0; v < vectors; v++) {
                    total[r][plane][v] = vi_dot(total[r][plane][v], x, values[v]);
                }
            }
        }
    }
    for (int r = 0; r < rows; r++) {
        vf decay = v_set1(s->decay[r0 + r]), scale = v_set1(s->weight_scale[r0 + r]);
        for (int v = 0; v < vectors; v++) {
            float *p = s->part.sum + (size_t)(r0 + r) * s->width + d + v * LANES;
            vf x = v_from_int(vi_add(vi_lift(total[r][0][v]), total[r][1][v]));
            v_store(p, v_fma(x, scale, v_mul(v_load(p), decay)));
        }
    }
}

INLINE void weigh_byte_rows(const scratch *s, const tile *t, size_t head_dim, int r,
                            const tile *next, const int rows) {
    size_t d = 0, width = INT8_VECTORS * LANES;
    for (; d + width <= s->width; d += width) {
        weigh_bytes(s, t, head_dim, r, d, next, rows, INT8_VECTORS);
    }
    for (; d < s->width; d += LANES) {
        weigh_bytes(s, t, head_dim, r, d, next, rows, 1);
    }
}

// `next` is null unless its keys and values lie in groups.
static void score_int8(const scratch *s, const tile *t, size_t head_dim, int rows,
                       const tile *next) {
    for (int i = 0, r = 0, end; r < rows; i++, r = end) {
        end = run_start(rows, INT8_ROWS, i + 1);
        for (int strip = t->low / INT8_STRIP; strip <= t->high / INT8_STRIP; strip++) {
#define CASE(n)                                               \
    case n:                                                   \
        score_bytes(s, t, head_dim, query_planes(s, head_dim, i), r, strip, next, n); \
        break;
            switch (end - r) {
                EACH_COUNT_OF(INT8_ROWS)
            default:
                break;
            }
#undef CASE
        }
        next = NULL;
    }
}

static void weigh_int8(const scratch *s, const tile *t, size_t head_dim, int rows,
                       const tile *next) {
    for (int i = 0, r = 0, end; r < rows; i++, r = end) {
        end = run_start(rows, INT8_ROWS, i + 1);
#define CASE(n)                                               \
    case n:                                                   \
        weigh_byte_rows(s, t, head_dim, r, next, n);           \
        break;
        switch (end - r) {
            EACH_COUNT_OF(INT8_ROWS)
        default:
            break;
        }
#undef CASE
        next = NULL;
    }
}

// Copies a tile of blocks that are not grouped to groups in scratch.
static void gather_groups(const scratch *s, const tile *t, tile *copy, size_t head_dim) {
    size_t bytes = padded4(head_dim), scales = GROUP * sizeof(float);
    size_t group_bytes = GROUP * (bytes + sizeof(float));
    for (int i = 0; i < TILE / GROUP; i++) {
        copy->groups[i] = (uint8_t *)s->keys + (size_t)i * group_bytes;
        copy->value_groups[i] = (uint8_t *)s->values + (size_t)i * group_bytes;
    }
    for (int i = t->low; i <= t->high; i++) {
        size_t at = (size_t)(i % GROUP);
        uint8_t *keys = (uint8_t *)s->keys + (size_t)(i / GROUP) * group_bytes;
        uint8_t *values = (uint8_t *)s->values + (size_t)(i / GROUP) * group_bytes;
        memcpy(keys + at * sizeof(float), t->keys[i], sizeof(float));
        memcpy(values + at * sizeof(float), t->values[i], sizeof(float));
        keys += scales + at * 4;
        values += scales + at / 4 * bytes * 4 + at % 4;
        const uint8_t *key = t->keys[i] + sizeof(float), *value = t->values[i] + sizeof(float);
        for (size_t d = 0; d < bytes; d++) {
            keys[d / 4 * (GROUP * 4) + d % 4] = key[d];
            values[d * 4] = value[d];
        }
    }
}

#endif
