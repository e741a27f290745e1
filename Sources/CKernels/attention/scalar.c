#define INT8_KEYS 32
#define PAGE_ROWS 1
#define SCORE_ROWS 1
#define SCORE_VECTORS 32
#define INT8_ROWS 1
#define SOFTEN_ROWS 1
#define INT8_VECTORS 8
#define WEIGH_ROWS 1
#define WEIGH_VECTORS 8
#include "vectors/scalar.h"

#include "attention/body.h"
#include "tables.h"

// Padded rows, and the widest level's lanes, whatever the level.
size_t qk_attention_state(size_t head_dim, size_t rows) {
    return rows * (padded(head_dim) + WIDE) + padded(rows);
}

size_t qk_attention_scratch(size_t head_dim, size_t rows) {
    size_t width = padded(head_dim);
    // int8 takes the room of the converted tile, two planes of bytes and five numbers a row.
    size_t bytes = (rows + 8) * (width / 2 + TILE / 2) + 5 * padded(rows) + TILE;
    return 2 * width * TILE + (rows + 7) * width + rows * TILE + 2 * padded(rows) + bytes +
           QK_ATTENTION_LEVELS * qk_attention_state(head_dim, rows);
}

void qk_fill_attention_scalar(qk_table *table) { table->attention = attention; }
