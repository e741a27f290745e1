// Rounding weights to the formats of files.
#ifndef CKERNELS_QUANTIZERS_H
#define CKERNELS_QUANTIZERS_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#pragma clang assume_nonnull begin

// Whether weights can be rounded to the format with this id in GGUF files.
bool qk_can_quantize(uint32_t format);

// Writes `columns` weights, a whole number of the format's blocks, as the bytes of its blocks.
//
// The same at every level: it is portable C, in one order of additions. A weight that is not finite
// spoils its block and no other.
void qk_quantize_weights(uint32_t format, const float *weights, uint8_t *out, size_t columns);

#pragma clang assume_nonnull end

#endif
