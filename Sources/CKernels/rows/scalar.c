#include "vectors/scalar.h"

#include "rows/body.h"
#include "rows/scans.h"
#include "tables.h"

void qk_fill_float_scalar(qk_table *table) {
    fill_floats(table);
    fill_scans(table);
}
