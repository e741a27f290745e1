#if defined(__aarch64__)
#define INT8_ROWS 1
#define SOFTEN_ROWS 1
#define INT8_VECTORS 4
#define INT8_KEYS 8
#define PAGE_ROWS 3
#define SCORE_ROWS 3
#define SCORE_VECTORS 8
#define WEIGH_ROWS 4
#define WEIGH_VECTORS 4
#include <math.h>
#include <string.h>

#include "vectors/neon.h"
#include "tables.h"

#include "attention/body.h"

void qk_fill_attention_neon(qk_table *table) { table->attention = attention; }

#endif
