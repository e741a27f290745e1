#if defined(__aarch64__)
#include <math.h>
#include <string.h>

#include "vectors/neon.h"
#include "tables.h"

#include "baseline/body.h"

void qk_fill_baselines_neon(qk_table *table) { fill_baselines(table); }

#endif
