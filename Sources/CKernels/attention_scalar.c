#define SCORE_ROWS 1
#define WEIGH_ROWS 1
#define WEIGH_VECTORS 8
#include "vector_scalar.h"

#include "attention_body.h"
#include "tables.h"

size_t qk_attention_scratch(size_t head_dim, size_t rows) {
    size_t width = padded(head_dim);
    rows = padded(rows);
    return 2 * width * TILE + rows * (2 * width + TILE + WIDEST + 3);
}

void qk_fill_attention_scalar(qk_table *table) { table->attention = attention; }
