// Attention over bf16 keys and values, in pairs of elements, as vdpbf16ps multiplies them:
//
//   sum = fma(a[0], b[0], fma(a[1], b[1], sum))
//
// of floats, the second element first; subnormal numbers, also of the sum, count as 0 with their
// sign. Queries and weights are rounded to bf16, and the sum of weights is that of the rounded
// ones. A score is one chain over the pairs of elements, in order, a weighted sum one over the
// pairs of positions (2i, 2i + 1), after sum * decay. The sum of weights has sixteen lanes:
// position i of a tile goes to lane i / 2 mod 16, and a pair is added as above, times 1.
//
// Where the processor has the instruction, pairs are what it multiplies (pairs_multiplied.h);
// elsewhere they are floats (pairs_of_floats.h). The bits are the same. Included by
// attention/body.h.
#ifndef QK_ATTENTION_PAIRS_H
#define QK_ATTENTION_PAIRS_H

#include "attention/softmax_int8.h"

enum { PAIR_BLOCK = 32 };  // elements of a value that the instruction takes at once

// Whether a layer is attended so, whatever the size of its blocks; other heads, and latent vectors,
// are as f16.
static inline bool is_paired(const qk_attention *a) {
    return a->kv_type == QK_KV_BF16 && a->head_dim % PAIR_BLOCK == 0 && !is_latent(a);
}

#ifdef MULTIPLIES_PAIRS
#include "attention/pairs_multiplied.h"
#else
#include "attention/pairs_of_floats.h"
#endif

#endif
