// What the registers of AVX-512 hold of attention; see attention/body.h.
#define INT8_ROWS 7
#define SOFTEN_ROWS 2
#define INT8_VECTORS 2
#define INT8_KEYS 2
#define PAGE_ROWS (1 << 20)
#define SCORE_ROWS 7
#define SCORE_VECTORS 4
#define WEIGH_ROWS 7
#define WEIGH_VECTORS 4
