// The rounding of activations in portable C.
#include "tables.h"

#define QK_PORTABLE_ROUND_BLOCK
#include "activations/round_block.h"
#include "activations/round_chunk.h"
#include "activations/quantize.h"

void qk_fill_activations_scalar(qk_table *table) { table->quantize = qk_quantize; }
