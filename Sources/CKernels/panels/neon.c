// Matrix products over panels with Advanced SIMD.
#if defined(__aarch64__)
#include <arm_neon.h>

#include "tables.h"
#include "panels/body_neon.h"

void qk_fill_panels_neon(qk_table *table) { qk_fill_panels(table); }
#endif
