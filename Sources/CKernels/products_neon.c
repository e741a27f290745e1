#include "tables.h"
#if defined(__aarch64__)
void qk_fill_products_neon(qk_table *table) { (void)table; }
#endif
