// Probes of a machine's limits: what a level's instructions can do when nothing else is in the way.
//
// Included by CKernels.h. Their results mean nothing, except that a compiler cannot leave out what
// they were made from.
#ifndef CKERNELS_PROBES_H
#define CKERNELS_PROBES_H

#include <stddef.h>
#include <stdint.h>

typedef struct qk_probes {
    // Reads `count` bytes, a multiple of 512, from a 64-byte boundary.
    uint64_t (*read)(const void *bytes, size_t count);
    // `rounds` rounds of independent products of bytes, added up in 32 bits, from registers.
    int64_t (*dot)(size_t rounds);
    // `rounds` rounds of independent fused products and sums of floats, from registers.
    float (*fma)(size_t rounds);
    // Operations of one round: a product and its sum are two.
    int64_t dot_operations;
    int64_t fma_operations;
} qk_probes;

#endif
