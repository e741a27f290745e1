#include "vector_scalar.h"

#include "float_body.h"
#include "scan_body.h"
#include "tables.h"

void qk_fill_float_scalar(qk_table *table) {
    fill_floats(table);
    fill_scans(table);
}
