// Probes of a machine's limits: what a level's instructions can do when nothing else is in the way;
// and attention as it was before flash attention. Both are measured, and nothing else uses them.
//
// Included by CKernels.h. The results of probes mean nothing, except that a compiler cannot leave
// out what they were made from.
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

// Writes `count` bytes, a multiple of 8, that differ from those of any other seed. Here because a
// loop in Swift takes minutes without optimisation.
void qk_probe_fill(void *bytes, size_t count, uint64_t seed);

// One head of causal attention over rows of floats, for comparison with the paged kernel only.
typedef struct qk_baseline {
    const float *q;  // [tokens][q_stride], head_dim used
    const float *k;
    const float *v;
    float *out;
    size_t q_stride;
    size_t kv_stride;
    size_t out_stride;
    size_t tokens;
    size_t head_dim;
    float scale;
    size_t chunk;    // queries and keys of a chunk; not for the standard form
    float *scratch;  // qk_*_scratch floats, 64-byte aligned
} qk_baseline;

typedef struct qk_baselines {
    // All scores at once: a matrix of tokens x tokens.
    void (*standard)(const qk_baseline *work);
    // Chunks of queries and keys with running maxima and sums (Rabe and Staats 2021).
    void (*memory_efficient)(const qk_baseline *work);
} qk_baselines;

// Floats of scratch.
size_t qk_standard_scratch(size_t tokens, size_t head_dim);
size_t qk_memory_efficient_scratch(size_t chunk, size_t head_dim);

#endif
