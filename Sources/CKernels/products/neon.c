// Matrix products with float activations with Advanced SIMD.
#if defined(__aarch64__)
#include "vectors/neon.h"
#include "tables.h"

#define QK_HALF(bits) ((float)((union { uint16_t u; __fp16 f; }){bits}.f))
#include "formats/all.h"

enum { QK_FLOAT_ROWS = 4 };  // whose sums fit in registers beside weights
#include "products/sums.h"
#include "products/columns.h"
#include "products/walk.h"
#include "products/formats.h"

void qk_fill_products_neon(qk_table *table) { qk_fill_formats(table); }
#endif
