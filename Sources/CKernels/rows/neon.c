#if defined(__aarch64__)
#include <math.h>
#include <string.h>

#include "vectors/neon.h"
#include "tables.h"

#include "rows/body.h"
#include "rows/scans.h"

void qk_fill_float_neon(qk_table *table) {
    fill_floats(table);
    fill_scans(table);
}

#endif
