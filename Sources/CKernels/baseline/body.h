// Attention as it was before flash attention, over a level's vector operations. Measured beside the
// paged kernel; no model uses it. Included after vectors/*.h, within the attributes of the level.
#include "vectors/wide.h"

enum {
    GEMM_ROWS = 4,
    GEMM_VECTORS = 2,
    // Rows of b that are used for all rows of a before the next: they stay in the second cache.
    GEMM_DEPTH = 256,
};

// A row of scratch for n floats: whole vectors, and never a power of two of bytes, or else all rows
// would lie in the same few lines of a cache.
static inline size_t baseline_stride(size_t n) { return (n + 15) / 16 * 16 + 16; }

static inline vf load_some(const float *p, size_t n) {
    return n >= LANES ? v_load(p) : v_load_partial(p, n, 0);
}

static inline void store_some(float *p, vf x, size_t n) {
    if (n >= LANES) {
        v_store(p, x);
    } else {
        v_store_partial(p, x, n);
    }
}

// c[i][j] (+)= alpha * sum over d of a[i][d] * b[d][j], for R rows, up to two vectors of columns.
__attribute__((always_inline)) static inline void
gemm_tile(const float *a, size_t a_stride, const float *b, size_t b_stride, float *c,
          size_t c_stride, size_t columns, size_t depth, float alpha, bool add, const int R) {
    vf sums[GEMM_ROWS][GEMM_VECTORS];
    size_t second = columns > LANES ? columns - LANES : 0;
    for (int r = 0; r < R; r++) {
        sums[r][0] = sums[r][1] = v_set1(0);
    }
    for (size_t d = 0; d < depth; d++) {
        const float *row = b + d * b_stride;
        vf b0 = load_some(row, columns);
        vf b1 = second ? load_some(row + LANES, second) : v_set1(0);
#pragma clang loop unroll(full)
        for (int r = 0; r < R; r++) {
            vf x = v_set1(a[(size_t)r * a_stride + d]);
            sums[r][0] = v_fma(x, b0, sums[r][0]);
            sums[r][1] = v_fma(x, b1, sums[r][1]);
        }
    }
    for (int r = 0; r < R; r++) {
        float *to = c + (size_t)r * c_stride;
        for (int v = 0; v < GEMM_VECTORS && (v == 0 || second); v++) {
            size_t n = v == 0 ? columns : second;
            vf x = v_mul(v_set1(alpha), sums[r][v]);
            if (add) {
                x = v_add(x, load_some(to + v * LANES, n));
            }
            store_some(to + v * LANES, x, n);
        }
    }
}

static void gemm(const float *a, size_t a_stride, const float *b, size_t b_stride, float *c,
                 size_t c_stride, size_t rows, size_t columns, size_t depth, float alpha,
                 bool add) {
    for (size_t first = 0; first < depth; first += GEMM_DEPTH) {
        size_t deep = depth - first < GEMM_DEPTH ? depth - first : GEMM_DEPTH;
        bool more = add || first > 0;
        for (size_t i = 0; i < rows; i += GEMM_ROWS) {
            const float *from = a + i * a_stride + first;
            for (size_t j = 0; j < columns; j += GEMM_VECTORS * LANES) {
                size_t wide = columns - j < GEMM_VECTORS * LANES ? columns - j
                                                                 : GEMM_VECTORS * LANES;
                const float *with = b + first * b_stride + j;
                float *to = c + i * c_stride + j;
                if (rows - i >= GEMM_ROWS && wide == GEMM_VECTORS * LANES) {
                    gemm_tile(from, a_stride, with, b_stride, to, c_stride, GEMM_VECTORS * LANES,
                              deep, alpha, more, GEMM_ROWS);
                } else if (rows - i >= GEMM_ROWS) {
                    gemm_tile(from, a_stride, with, b_stride, to, c_stride, wide, deep, alpha,
                              more, GEMM_ROWS);
                } else {
                    for (size_t r = 0; r < rows - i; r++) {
                        gemm_tile(from + r * a_stride, a_stride, with, b_stride, to + r * c_stride,
                                  c_stride, wide, deep, alpha, more, 1);
                    }
                }
            }
        }
    }
}

// Keys [count][stride] to [head_dim][to_stride].
static void transpose_keys(const float *k, size_t stride, size_t count, size_t head_dim, float *to,
                           size_t to_stride) {
    for (size_t i = 0; i < count; i++) {
        for (size_t d = 0; d < head_dim; d++) {
            to[d * to_stride + i] = k[i * stride + d];
        }
    }
}

static inline vw load_sixteen(const float *p, size_t n, float padding) {
    return n >= WIDE ? w_load(p) : w_load_partial(p, n, padding);
}

static float row_maximum(const float *x, size_t n) {
    vw largest = w_set1(-INFINITY);
    for (size_t i = 0; i < n; i += WIDE) {
        largest = w_max(load_sixteen(x + i, n - i, -INFINITY), largest);
    }
    return w_hmax(largest);
}

// x = exp(x - largest); returns the sum.
static float row_exponentials(float *x, size_t n, float largest) {
    vw sum = w_set1(0);
    for (size_t i = 0; i < n; i += WIDE) {
        vw y = load_sixteen(x + i, n - i, -INFINITY);
        y = w_exp_difference(y, w_set1(largest));
        if (n - i >= WIDE) {
            w_store(x + i, y);
        } else {
            float copy[WIDE];
            w_store(copy, y);
            memcpy(x + i, copy, (n - i) * sizeof *x);
        }
        sum = w_add(sum, y);
    }
    return w_sum(sum);
}

// exp(x) of one number.
static float exponential_of(float x) {
    float lanes[LANES];
    v_store(lanes, v_exp(v_set1(x)));
    return lanes[0];
}

static void row_scale(float *x, size_t n, float factor) {
    for (size_t i = 0; i < n; i += LANES) {
        store_some(x + i, v_mul(load_some(x + i, n - i), v_set1(factor)), n - i);
    }
}

static void standard(const qk_baseline *w) {
    size_t n = w->tokens, stride = baseline_stride(n);
    float *keys = w->scratch, *scores = keys + w->head_dim * stride;
    transpose_keys(w->k, w->kv_stride, n, w->head_dim, keys, stride);
    gemm(w->q, w->q_stride, keys, stride, scores, stride, n, n, w->head_dim, w->scale, false);
    for (size_t i = 0; i < n; i++) {
        float *row = scores + i * stride;
        float sum = row_exponentials(row, i + 1, row_maximum(row, i + 1));
        row_scale(row, i + 1, 1 / sum);
        memset(row + i + 1, 0, (n - i - 1) * sizeof *row);
    }
    gemm(scores, stride, w->v, w->kv_stride, w->out, w->out_stride, n, w->head_dim, n, 1, false);
}

static void memory_efficient(const qk_baseline *w) {
    size_t stride = baseline_stride(w->chunk);
    float *keys = w->scratch, *scores = keys + w->head_dim * stride;
    float *largest = scores + w->chunk * stride, *sums = largest + w->chunk;
    for (size_t query = 0; query < w->tokens; query += w->chunk) {
        size_t queries = w->tokens - query < w->chunk ? w->tokens - query : w->chunk;
        float *out = w->out + query * w->out_stride;
        for (size_t i = 0; i < queries; i++) {
            largest[i] = -INFINITY;
            sums[i] = 0;
        }
        for (size_t key = 0; key < query + queries; key += w->chunk) {
            size_t count = w->tokens - key < w->chunk ? w->tokens - key : w->chunk;
            transpose_keys(w->k + key * w->kv_stride, w->kv_stride, count, w->head_dim, keys,
                           stride);
            gemm(w->q + query * w->q_stride, w->q_stride, keys, stride, scores, stride, queries,
                 count, w->head_dim, w->scale, false);
            for (size_t i = 0; i < queries; i++) {
                float *row = scores + i * stride;
                // Chunks of queries and keys begin at the same positions: every row sees a key.
                size_t seen = query + i + 1 - key < count ? query + i + 1 - key : count;
                float here = row_maximum(row, seen), now = here > largest[i] ? here : largest[i];
                float keep = key == 0 ? 0 : exponential_of(largest[i] - now);
                sums[i] = sums[i] * keep + row_exponentials(row, seen, now);
                largest[i] = now;
                memset(row + seen, 0, (count - seen) * sizeof *row);
                if (key > 0) {
                    row_scale(out + i * w->out_stride, w->head_dim, keep);
                }
            }
            gemm(scores, stride, w->v + key * w->kv_stride, w->kv_stride, out, w->out_stride,
                 queries, w->head_dim, count, 1, key > 0);
        }
        for (size_t i = 0; i < queries; i++) {
            row_scale(out + i * w->out_stride, w->head_dim, 1 / sums[i]);
        }
    }
}

static void fill_baselines(qk_table *table) {
    table->baselines = (qk_baselines){.standard = standard, .memory_efficient = memory_efficient};
}
