// Writes one token's key or value of one head into its slot.
#include <math.h>

#include "attention/layout.h"
#include "attention/rotate.h"

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

// A head's numbers, turned, and their largest magnitude; what is beyond f16's range counts as its
// largest, as f16 does. NaN if there is one.
static float turn(const float *x, const float *shift, float *turned, size_t n) {
    for (size_t i = 0; i < n; i++) {
        float a = x[i];
        a = a > 65504 ? 65504 : a < -65504 ? -65504 : a;
        turned[i] = shift != NULL ? a - shift[i] : a;
    }
    qk_rotate(turned, n);
    float largest = 0;
    for (size_t i = 0; i < n; i++) {
        float a = fabsf(turned[i]);
        if (a != a) {
            return NAN;
        }
        largest = a > largest ? a : largest;
    }
    return largest;
}

// The nearest integer, ties to even, within -127...127; 0 for NaN. Adding 1.5 * 2^23 rounds.
static int32_t rounded(float y) {
    y = y > 127 ? 127 : y < -127 ? -127 : y;
    return y == y ? (int32_t)((y + 12582912.0f) - 12582912.0f) : 0;
}

// A token's numbers as int8 with one scale; `work` is a head of floats. The same bits at every
// level.
static void write_int8(const qk_kv_head *head, const float *x, size_t slot, float *work) {
    size_t n = head->head_dim, bytes = padded4(n), size = qk_kv_slot_bytes(QK_KV_INT8, n);
    bool grouped = is_grouped((int64_t)head->block_size);
    float largest = turn(x, head->shift, work, n), scale = largest / 127;
    // What is so small that its inverse overflows is kept as 0.
    float inverse = largest > 0x1p-100f ? 127 / largest : 0;
    size_t first = grouped ? slot / QK_KV_GROUP * QK_KV_GROUP : slot, at = slot - first;
    uint8_t *group = (uint8_t *)head->start + first * size;
    memcpy(group + at * sizeof scale, &scale, sizeof scale);
    uint8_t *to = group + (grouped ? QK_KV_GROUP : 1) * sizeof scale;
    for (size_t d = 0; d < bytes; d++) {
        size_t place = d;
        if (grouped && head->keys) {
            place = (d / 4 * QK_KV_GROUP + at) * 4 + d % 4;
        } else if (grouped) {
            place = (at / 4 * bytes + d) * 4 + at % 4;
        }
        to[place] = (uint8_t)((d < n ? rounded(work[d] * inverse) : 0) + 128);
    }
}

void qk_kv_write(const qk_table *table, const qk_kv_head *head, const float *x, size_t slot) {
    if (head->kv_type == QK_KV_INT8) {
        float work[QK_KV_MAX_HEAD_DIM];
        write_int8(head, x, slot, work);
        return;
    }
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

// The lines of `bytes` bytes from an address.
static void prefetch_lines(const char *from, size_t bytes) {
    const char *line = (const char *)((uintptr_t)from & ~(uintptr_t)63);
    for (; line < from + bytes; line += 64) {
        __builtin_prefetch(line, 0, 2);
    }
}

void qk_kv_prefetch(const qk_kv_head *head, size_t slot) {
    size_t size = qk_kv_slot_bytes(head->kv_type, head->head_dim);
    if (is_grouped((int64_t)head->block_size) && (head->keys || head->kv_type == QK_KV_INT8)) {
        prefetch_lines((const char *)head->start + slot / QK_KV_GROUP * QK_KV_GROUP * size,
                       QK_KV_GROUP * size);
    } else {
        prefetch_lines((const char *)head->start + slot * size, size);
    }
}
