// Matrix products over panels with Advanced SIMD and its dot product of bytes.
#if defined(__aarch64__)
#include <arm_neon.h>

#include "tables.h"

#pragma clang attribute push(__attribute__((target("dotprod"))), apply_to = function)
#define QK_DOTPROD
#include "panels/body_neon.h"

void qk_fill_panels_neon_dotprod(qk_table *table) { qk_fill_panels(table); }
#pragma clang attribute pop
#endif
