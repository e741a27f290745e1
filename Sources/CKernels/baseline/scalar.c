#include "vectors/scalar.h"
#include "tables.h"

#include "baseline/body.h"

void qk_fill_baselines_scalar(qk_table *table) { fill_baselines(table); }

size_t qk_standard_scratch(size_t tokens, size_t head_dim) {
    return (tokens + head_dim) * baseline_stride(tokens);
}

size_t qk_memory_efficient_scratch(size_t chunk, size_t head_dim) {
    return (chunk + head_dim) * baseline_stride(chunk) + 2 * chunk;
}
