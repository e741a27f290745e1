// Writes one token's key or value of one head into its slot.
#include "attention_layout.h"

enum { CHUNK = 64 };

// Elements of one size, each to its row of the group.
#define SCATTER(type)                                            \
    for (size_t i = 0; i < n; i++) {                             \
        ((type *)to)[i * QK_KV_GROUP] = ((const type *)from)[i]; \
    }

static void scatter(const void *from, void *to, size_t element, size_t n) {
    if (element == 4) {
        SCATTER(uint32_t)
    } else {
        SCATTER(uint16_t)
    }
}

void qk_kv_write(const qk_table *table, const qk_kv_head *head, const float *x, size_t slot) {
    size_t element = element_bytes(head->kv_type), head_dim = head->head_dim;
    char *start = head->start;
    if (!head->keys || !is_grouped((int64_t)head->block_size)) {
        table->kv_store(x, start + slot * head_dim * element, head->kv_type, head_dim);
        return;
    }
    size_t group = slot / QK_KV_GROUP;
    start += (group * head_dim * QK_KV_GROUP + slot % QK_KV_GROUP) * element;
    uint32_t copy[CHUNK];
    for (size_t d = 0; d < head_dim; d += CHUNK) {
        size_t n = head_dim - d < CHUNK ? head_dim - d : CHUNK;
        table->kv_store(x + d, copy, head->kv_type, n);
        scatter(copy, start + d * QK_KV_GROUP * element, element, n);
    }
}
