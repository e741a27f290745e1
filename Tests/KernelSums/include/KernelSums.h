// Checksums of what a level's kernels make of a fixed list of cases: the same at every level and on
// every machine, since there is one arithmetic (Documentation/arithmetic.md).
//
// Inputs come from a generator in integers. A case takes an operation over all its shapes, so that
// a sum that differs names the operation. Every case runs twice over outputs that held other bytes
// before; one that leaves an output as it was, or writes beyond its outputs, has the sum 0.
#ifndef KERNEL_SUMS_H
#define KERNEL_SUMS_H

#include <stdint.h>

#include "CKernels.h"

#pragma clang assume_nonnull begin

// Takes in the name of a case and its checksum.
typedef void (*kernel_sums_report)(void *_Nullable context, const char *name, uint64_t sum);

// All cases in a fixed order. `model`: bytes of the demo model's file, for the step of it; null:
// without that.
void kernel_sums(const qk_table *table, const void *_Nullable model, size_t model_bytes,
                 void *_Nullable context, kernel_sums_report report);

#pragma clang assume_nonnull end
#endif
