#if defined(__aarch64__)
#include <math.h>
#include <string.h>

#include "vector_neon.h"
#include "tables.h"

#include "float_body.h"
#include "scan_body.h"

void qk_fill_float_neon(qk_table *table) {
    fill_floats(table);
    fill_scans(table);
}

#endif
