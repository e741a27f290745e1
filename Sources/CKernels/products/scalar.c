// Matrix products with float activations in portable C.
#include "vectors/scalar.h"
#include "tables.h"

#include "formats/all.h"

enum { QK_FLOAT_ROWS = 4 };  // whose sums fit in registers beside weights
#include "products/sums.h"
#include "products/columns_scalar.h"
#include "products/walk.h"
#include "products/formats.h"

void qk_fill_products_scalar(qk_table *table) { qk_fill_formats(table); }
