// Where the numbers of a KV page lie.
//
// A head's keys and values take `block_size` slots each. Where a block is a whole number of groups
// of QK_KV_GROUP slots, keys lie transposed within a group, so that a vector holds one element of
// as many keys and a score needs neither a transposition nor a horizontal sum:
//
//   keys:    [group][element][slot of the group]        values: [slot][element]
//
// Other block sizes keep keys as values: [slot][element].
#ifndef QK_ATTENTION_LAYOUT_H
#define QK_ATTENTION_LAYOUT_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>
#include <string.h>

#include "CKernels.h"

static inline bool is_grouped(int64_t block_size) { return block_size % QK_KV_GROUP == 0; }

static inline size_t element_bytes(int kv_type) { return kv_type == QK_KV_F32 ? 4 : 2; }

#endif
