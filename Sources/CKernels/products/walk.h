// The walk of a matrix product over rows of weights, with activations as bytes: for the levels
// without panels. After products/walk_float.h; the level's file defines, before it:
//   qk_acc                          the partial sums of one output element
//   qk_tile(kind, w, a, row, chunk, pairs, R, acc)
//                                   acc[r][o] += one chunk, for R (1...4) activation rows and
//                                   the QK_TILE weight rows in w
//   qk_finish(acc, out)             the sums of QK_TILE elements
#define QK_HAS_PRODUCTS 1

// The next n blocks of a tile of weight rows, and asks for what follows them.
QK_INLINE void qk_decode_tile(qk_kind kind, const uint8_t *bytes[QK_TILE], uintptr_t *next,
                              size_t n, qk_chunk w[QK_TILE]) {
    for (size_t o = 0; o < QK_TILE; o++) {
        qk_prefetch(*next, kind.chunk_bytes);
        *next += kind.chunk_bytes;
        kind.decode(bytes[o], n, &w[o]);
        bytes[o] += kind.chunk_bytes;
    }
}

// R (1...4) activation rows with one tile of weight rows, all sums in registers.
QK_INLINE void qk_multiply_few(const qk_product *p, qk_kind kind, size_t first, size_t count,
                               size_t row, const int R) {
    qk_acc acc[4][QK_TILE];
    memset(acc, 0, sizeof acc);
    const uint8_t *bytes[QK_TILE];
    qk_tile_rows(p, first, count, bytes);
    size_t blocks = p->columns / 32;
    uintptr_t next = qk_ahead(p, bytes[0]);
    for (size_t c = 0; blocks > 0; c++) {
        size_t n = blocks < 8 ? blocks : 8;
        qk_chunk w[QK_TILE];
        qk_decode_tile(kind, bytes, &next, n, w);
        qk_tile(kind, w, &p->activations, row, c, (n + 1) / 2, R, acc);
        blocks -= n;
    }
    for (int r = 0; r < R; r++) {
        float sums[QK_TILE];
        qk_finish(acc[r], sums);
        qk_store(p, row + (size_t)r, first, count, sums);
    }
}

// Up to QK_BATCH activation rows with one tile of weight rows.
QK_INLINE void qk_multiply_batch(const qk_product *p, qk_kind kind, size_t first, size_t count,
                                 size_t row, size_t rows) {
    qk_acc acc[QK_BATCH][QK_TILE];
    memset(acc, 0, rows * sizeof acc[0]);
    const uint8_t *bytes[QK_TILE];
    qk_tile_rows(p, first, count, bytes);
    size_t blocks = p->columns / 32;
    uintptr_t next = qk_ahead(p, bytes[0]);
    for (size_t c = 0; blocks > 0; c++) {
        size_t n = blocks < 8 ? blocks : 8, pairs = (n + 1) / 2;
        qk_chunk w[QK_TILE];
        qk_decode_tile(kind, bytes, &next, n, w);
        // Two at a time: the sums and scales of more do not fit in registers.
        size_t r = 0;
        for (; r + 2 <= rows; r += 2) {
            qk_tile(kind, w, &p->activations, row + r, c, pairs, 2, acc + r);
        }
        for (; r < rows; r++) {
            qk_tile(kind, w, &p->activations, row + r, c, pairs, 1, acc + r);
        }
        blocks -= n;
    }
    for (size_t r = 0; r < rows; r++) {
        float sums[QK_TILE];
        qk_finish(acc[r], sums);
        qk_store(p, row + r, first, count, sums);
    }
}

// One copy for all formats of a shape: what a call through a pointer costs, a batch hides.
#define QK_BATCH_OF(name, halved, with_offset)                                                    \
    static void name(const qk_product *p, qk_kind kind, size_t first, size_t count, size_t row,   \
                     size_t rows) {                                                               \
        kind.halves = halved;                                                                     \
        kind.offset = with_offset;                                                                \
        qk_multiply_batch(p, kind, first, count, row, rows);                                      \
    }
QK_BATCH_OF(qk_batch_plain, false, false)
QK_BATCH_OF(qk_batch_offset, false, true)
QK_BATCH_OF(qk_batch_halves, true, false)
QK_BATCH_OF(qk_batch_halves_offset, true, true)
#undef QK_BATCH_OF

QK_INLINE void qk_multiply(const qk_product *p, qk_kind kind) {
    void (*batch)(const qk_product *, qk_kind, size_t, size_t, size_t, size_t) =
        kind.halves ? (kind.offset ? qk_batch_halves_offset : qk_batch_halves)
                    : (kind.offset ? qk_batch_offset : qk_batch_plain);
    size_t end = p->first_output + p->outputs;
    for (size_t row = 0; row < p->rows; row += QK_BATCH) {
        size_t rows = p->rows - row < QK_BATCH ? p->rows - row : QK_BATCH;
        for (size_t o = p->first_output; o < end; o += QK_TILE) {
            size_t count = end - o < QK_TILE ? end - o : QK_TILE;
            switch (rows) {
            case 1: qk_multiply_few(p, kind, o, count, row, 1); break;
            case 2: qk_multiply_few(p, kind, o, count, row, 2); break;
            case 3: qk_multiply_few(p, kind, o, count, row, 3); break;
            case 4: qk_multiply_few(p, kind, o, count, row, 4); break;
            default: batch(p, kind, o, count, row, rows);
            }
        }
    }
}

