// Where the numbers of a KV page lie.
//
// A head's keys and values take `block_size` slots each. Where a block is a whole number of groups
// of QK_KV_GROUP slots, keys lie transposed within a group, so that a vector holds one element of
// as many keys and a score needs neither a transposition nor a horizontal sum:
//
//   keys:    [group][element][slot of the group]        values: [slot][element]
//
// Other block sizes keep keys as values: [slot][element].
//
// int8 has a scale (f32) for each slot. Numbers are kept with a bias of 128, as unsigned bytes,
// since a dot product of bytes takes those from registers, and signed ones, of queries and weights,
// from memory; elements are padded with zeros to a multiple of 4:
//
//   keys:    [group][scale of the slot][element / 4][slot][element % 4]
//   values:  [group][scale of the slot][slot / 4][element][slot % 4]
//
// and [slot][scale, elements] in blocks of other sizes.
#ifndef QK_ATTENTION_LAYOUT_H
#define QK_ATTENTION_LAYOUT_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>
#include <string.h>

#include "CKernels.h"

static inline bool is_grouped(int64_t block_size) { return block_size % QK_KV_GROUP == 0; }

static inline size_t element_bytes(int kv_type) {
    return kv_type == QK_KV_F32 ? 4 : kv_type == QK_KV_INT8 ? 1 : 2;
}

static inline size_t padded4(size_t n) { return (n + 3) / 4 * 4; }

#endif
