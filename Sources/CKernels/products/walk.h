// The walk of a matrix product over rows of weights in their file's format, with float activations.
// After products/sums.h and the level's qk_add_columns.

enum { QK_BATCH = 32 };  // activation rows that a decoded chunk serves; their sums stay in L1

// acc[r][o] += n columns. Rows are padded with zeros to a multiple of 16.
QK_INLINE void qk_float_tile(float (*w)[QK_CHUNK], const float *x, size_t stride, size_t n,
                             const int R, qk_float_acc (*acc)[QK_TILE]) {
    size_t whole = n / 16 * 16;
    qk_add_columns(w, 0, x, stride, whole, R, acc);
    if (whole < n) {
        float rest[QK_FLOAT_ROWS][16] = {{0}};
        for (size_t r = 0; r < (size_t)R; r++) {
            memcpy(rest[r], x + r * stride + whole, (n - whole) * sizeof **rest);
        }
        qk_add_columns(w, whole, rest[0], 16, 16, R, acc);
    }
}

// The rows of a tile; rows that the product does not have repeat the last, and are not stored.
QK_INLINE void qk_tile_rows(const qk_product *p, size_t first, size_t count,
                            const uint8_t *rows[QK_TILE]) {
    for (size_t o = 0; o < QK_TILE; o++) {
        rows[o] = p->weights + (first + (o < count ? o : count - 1)) * p->row_bytes;
    }
}

// Weights come from memory once. The rows of a tile are read side by side, which the hardware
// does not follow; asking for the bytes in the order of their addresses doubles the rate.
QK_INLINE void qk_prefetch(uintptr_t address, size_t count) {
    for (size_t i = 0; i < count; i += 64) {
        __builtin_prefetch((const void *)(address + i), 0, 3);
    }
}

// What to ask for first: the next tile, and the time that a line takes to come.
QK_INLINE uintptr_t qk_ahead(const qk_product *p, const uint8_t *tile) {
    return (uintptr_t)tile + QK_TILE * p->row_bytes + 4096;
}

// Up to QK_CHUNK weights as floats, zeros beyond n; c counts chunks from the row's start.
typedef void qk_float_decoder(const uint8_t *row, size_t c, size_t n, float *out);

static void qk_dequantize(const uint8_t *row, float *out, size_t columns,
                          qk_float_decoder *decode) {
    _Alignas(64) float chunk[QK_CHUNK];
    for (size_t c = 0; c * QK_CHUNK < columns; c++) {
        size_t rest = columns - c * QK_CHUNK, n = rest < QK_CHUNK ? rest : QK_CHUNK;
        decode(row, c, n, chunk);
        memcpy(out + c * QK_CHUNK, chunk, n * sizeof *out);
    }
}

static void qk_multiply_float(const qk_product *p, qk_float_decoder *decode) {
    size_t end = p->first_output + p->outputs;
    for (size_t row = 0; row < p->rows; row += QK_BATCH) {
        size_t rows = p->rows - row < QK_BATCH ? p->rows - row : QK_BATCH;
        for (size_t o = p->first_output; o < end; o += QK_TILE) {
            size_t count = end - o < QK_TILE ? end - o : QK_TILE;
            const uint8_t *bytes[QK_TILE];
            qk_tile_rows(p, o, count, bytes);
            qk_float_acc acc[QK_BATCH][QK_TILE];
            memset(acc, 0, rows * sizeof acc[0]);
            uintptr_t next = qk_ahead(p, bytes[0]);
            size_t chunk_bytes = p->columns > 0 ? p->row_bytes * QK_CHUNK / p->columns : 0;
            for (size_t c = 0; c * QK_CHUNK < p->columns; c++) {
                size_t rest = p->columns - c * QK_CHUNK, n = rest < QK_CHUNK ? rest : QK_CHUNK;
                _Alignas(64) float w[QK_TILE][QK_CHUNK];
                for (size_t i = 0; i < QK_TILE; i++) {
                    qk_prefetch(next, chunk_bytes);
                    next += chunk_bytes;
                    decode(bytes[i], c, n, w[i]);
                }
                const float *x = p->x + row * p->x_stride + c * QK_CHUNK;
                size_t r = 0;
                for (; r + QK_FLOAT_ROWS <= rows; r += QK_FLOAT_ROWS) {
                    qk_float_tile(w, x + r * p->x_stride, p->x_stride, n, QK_FLOAT_ROWS, acc + r);
                }
                for (; r < rows; r++) {
                    qk_float_tile(w, x + r * p->x_stride, p->x_stride, n, 1, acc + r);
                }
            }
            for (size_t r = 0; r < rows; r++) {
                for (size_t i = 0; i < count; i++) {
                    p->out[(row + r) * p->out_stride + o + i] = qk_float_sum(acc[r][i]);
                }
            }
        }
    }
}
