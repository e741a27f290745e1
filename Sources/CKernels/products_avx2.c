#include "tables.h"
#if defined(__x86_64__)
void qk_fill_products_avx2(qk_table *table) { (void)table; }
#endif
