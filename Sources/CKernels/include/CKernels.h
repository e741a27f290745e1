// The arithmetic of Quire: a table of functions for a set of the processor's features.
//
// Swift sees this header only. A kernel works on whole rows or tiles, never on one element, so
// that the call through the table costs nothing. No kernel allocates, and the tables are the only
// globals. Every output element is computed in one fixed order, whatever the number of rows, the
// chunking, the threads or the processor.
#ifndef CKERNELS_H
#define CKERNELS_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "CKernelsCPU.h"
#include "CKernelsElementary.h"
#include "CKernelsPanels.h"
#include "CKernelsProbes.h"
#include "CKernelsProducts.h"
#include "CKernelsQuantizers.h"
#include "CKernelsScans.h"

#pragma clang assume_nonnull begin

// The type of the numbers in the KV arena.
enum {
    QK_KV_F16 = 0,
    QK_KV_BF16 = 1,
    QK_KV_F32 = 2,
    QK_KV_INT8 = 3,  // with a scale for every slot of a head (attention/layout.h)
};

// Bytes of one head's key, or value, of one slot. int8 pads a head's elements to the 4 that a dot
// product takes at once, and adds their scale.
static inline size_t qk_kv_slot_bytes(int kv_type, size_t head_dim) {
    switch (kv_type) {
        case QK_KV_F32: return 4 * head_dim;
        case QK_KV_INT8: return (head_dim + 3) / 4 * 4 + sizeof(float);
        default: return 2 * head_dim;
    }
}

enum {
    // Slots whose keys lie transposed in blocks of whole groups (attention/layout.h).
    QK_KV_GROUP = 16,
    // Elements of a head, at most, of int8 keys and values.
    QK_KV_MAX_HEAD_DIM = 4096,
    // Keys of one step of the online softmax. Tiles are counted from position 0, so that a result
    // depends neither on the size of the blocks nor on how queries are spread over calls.
    QK_ATTENTION_TILE = 64,
    // Positions that are attended by themselves, then merged with others. Parts are counted from
    // position 0, and always made: that they may run on several threads changes nothing.
    QK_ATTENTION_PART = 256,
    // Parts are merged in pairs, and so on: enough levels for any context.
    QK_ATTENTION_LEVELS = 20,
    QK_ATTENTION_POSITIONS = 256 << 18,
    // Distances that a float holds exactly.
    QK_ATTENTION_SLOPED = 1 << 24,
};

// One work item of attention: one KV head and a run of consecutive query positions of one
// request, or some parts of their context. The rows are the heads of the KV head's group at each
// position.
typedef struct qk_attention {
    const float *q;        // query 0, first head of the group
    size_t q_stride;       // floats from one query position to the next
    float *out;            // as q
    size_t out_stride;
    int32_t queries;       // query positions
    int32_t group;         // query heads that share the KV head; head g at q + g * head_dim
    int32_t head_dim;
    // The elements of a value. Not 0: those that a key begins with are its value, and `out` has as
    // many for each head (latent attention); not of int8. 0: head_dim, and values lie beside keys.
    int32_t value_dim;
    int64_t first_position;  // of query 0
    int64_t window;          // keys a query sees, itself included; 0: all
    bool chunked;            // a query sees its run of `window` positions, up to its own

    const void *arena;
    size_t page_bytes;
    size_t key_offset;     // of (layer, K, head) in a page: [slot][head_dim]
    size_t value_offset;
    const uint32_t *table;  // the request's blocks, in order of position
    int64_t block_size;
    int32_t kv_type;       // QK_KV_*

    float scale;
    float soft_cap;        // 0: none
    // One more score for each head of the group, which joins the sum of weights and has no value
    // (gpt-oss): not multiplied by the scale. Null: none.
    const float *_Nullable sinks;
    // What a key's score loses for each position that it is away, for each head of the group
    // (ALiBi, Press et al. 2022); contexts of QK_ATTENTION_SLOPED at most. Null: nothing.
    const float *_Nullable slopes;
    float *scratch;        // qk_attention_scratch() floats, 64-byte aligned

    // For the item'th of `items` of these rows: room for a state of each, qk_attention_state()
    // floats, and the number of those that have not ended. The last one merges, writes, and sets
    // `left` to `items` again. The rows' parts belong to runs of 2^level, counted from part 0, and
    // an item is what is seen of one run. Null: the item is of all parts.
    float *_Nullable states;
    int32_t *_Nullable left;
    int32_t item, items, level;
} qk_attention;

// Floats of scratch for `rows` = queries * group.
size_t qk_attention_scratch(size_t head_dim, size_t rows);

// Floats of what `rows` rows keep of a part.
size_t qk_attention_state(size_t head_dim, size_t rows);

// One head's keys, or values, of one block.
typedef struct qk_kv_head {
    void *start;
    bool keys;
    int32_t kv_type;
    size_t head_dim, block_size;
    // What int8 keys are kept without, head_dim floats: the same for all keys of a head, which
    // changes all scores of a query alike, and no weight. Null: nothing.
    const float *_Nullable shift;
} qk_kv_head;

// out = activation(gate) * up, n elements; without `up`: activation(gate).
typedef void (*qk_gate)(const float *gate, const float *_Nullable up, float *out, size_t n);

typedef struct qk_table {
    uint32_t features;  // QK_CPU_*
    char name[QK_CPU_NAME];

    // MARK: rows of floats (n elements; out may be the input where both are given)

    // out = x / sqrt(mean(x^2) + epsilon) * weight; a null weight is all ones.
    void (*rms_norm)(const float *x, const float *_Nullable weight, float epsilon, float *out,
                     size_t n);
    // out = (x - mean(x)) / sqrt(variance(x) + epsilon) * weight + bias; a null weight is all ones,
    // and then there is no bias; a null bias is all zeros.
    void (*layer_norm)(const float *x, const float *_Nullable weight, const float *_Nullable bias,
                       float epsilon, float *out, size_t n);
    // Rotates the pairs (x[i], x[i + half]), or (x[2i], x[2i + 1]), by the angle of cos/sin[i].
    void (*rope_neox)(float *x, const float *cosines, const float *sines, size_t half);
    void (*rope_interleaved)(float *x, const float *cosines, const float *sines, size_t half);
    // out = activation(gate) * up; a null `up` is all ones (rows/gates.h).
    qk_gate silu_multiply;
    qk_gate gelu_multiply;        // approximated by tanh
    qk_gate gelu_exact_multiply;  // by erf
    qk_gate relu_multiply;
    qk_gate relu_squared_multiply;
    // The gate of gpt-oss, clamped, which multiplies by 1 + up.
    qk_gate silu_clamped_multiply;
    void (*add)(const float *a, const float *b, float *out, size_t n);
    void (*scale)(const float *x, float factor, float *out, size_t n);
    // out = x * factor + out, rounded once
    void (*add_scaled)(const float *x, float factor, float *out, size_t n);
    // out = x, held within -bound...bound; NaN stays.
    void (*clamp)(const float *x, float bound, float *out, size_t n);
    // out = cap * tanh(x / cap)
    void (*soft_cap)(const float *x, float cap, float *out, size_t n);
    void (*exp)(const float *x, float *out, size_t n);
    // Round to nearest, ties to even.
    void (*f32_to_f16)(const float *x, uint16_t *out, size_t n);
    void (*f16_to_f32)(const uint16_t *x, float *out, size_t n);
    void (*f32_to_bf16)(const float *x, uint16_t *out, size_t n);
    void (*bf16_to_f32)(const uint16_t *x, float *out, size_t n);
    // The largest value (-inf for n = 0) and the first index that holds it; NaN is never larger.
    float (*max)(const float *x, size_t n);
    size_t (*argmax)(const float *x, size_t n);
    // log(sum(exp(x))), in one fixed order, short sums added in double.
    double (*log_sum_exp)(const float *x, size_t n);

    qk_scans scan;

    // MARK: the KV cache

    // Converts n values to the arena's type; values beyond f16's range become its largest.
    void (*kv_store)(const float *x, void *out, int32_t kv_type, size_t n);
    void (*attention)(const qk_attention *a);

    // MARK: matrix products (CKernelsProducts.h)

    // One row of floats to int8, the row'th of out; the same bits at every level. A value that is
    // not finite makes its run's scale so. Runs are refined as `out` says.
    void (*quantize)(const float *x, size_t columns, const qk_activations *out, size_t row);
    qk_format formats[QK_FORMATS];  // by GGUF type id; all null where there are no kernels
    qk_panel_format panels[QK_FORMATS];  // as formats; null for those of floats

    // MARK: for measurements only (CKernelsProbes.h)

    qk_probes probes;
    qk_baselines baselines;
} qk_table;

// The table of all that this machine has, or of the set that QUIRE_ISA names when the machine has
// it. Chosen once. Thread safe.
const qk_table *qk_table_active(void);

// The table of a set; null when this machine lacks any of it. Thread safe.
const qk_table *_Nullable qk_table_for(uint32_t set);

// The kernels of a format; null when it has none.
static inline const qk_format *_Nullable qk_format_of(const qk_table *table, uint32_t id) {
    return id < QK_FORMATS && table->formats[id].dequantize ? &table->formats[id] : NULL;
}

// Writes a token's key or value, head_dim floats, into a slot, and nothing else.
void qk_kv_write(const qk_table *table, const qk_kv_head *head, const float *x, size_t slot);

// Prefetches the lines that a slot's numbers go to: writing them waits for each.
void qk_kv_prefetch(const qk_kv_head *head, size_t slot);

// The panels of a format; null for one of floats.
static inline const qk_panel_format *_Nullable qk_panels_of(const qk_table *table, uint32_t id) {
    return id < QK_FORMATS && table->panels[id].pack ? &table->panels[id] : NULL;
}

// One line that says why the active set was chosen.
const char *qk_isa_reason(void);

// Tells the core that this is a spin loop.
static inline void qk_pause(void) {
#if defined(__x86_64__)
    __builtin_ia32_pause();
#elif defined(__aarch64__)
    __asm__ __volatile__("isb" ::: "memory");
#endif
}

#pragma clang assume_nonnull end
#endif
