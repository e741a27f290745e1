// What the files of the levels give to dispatch.c. A fill function sets the entries that its
// level has a better kernel for; the scalar level sets all, and is filled first.
#ifndef QK_TABLES_H
#define QK_TABLES_H

#include "CKernels.h"

void qk_fill_float_scalar(qk_table *table);
void qk_fill_attention_scalar(qk_table *table);
void qk_fill_products_scalar(qk_table *table);
void qk_fill_probes_scalar(qk_table *table);
void qk_fill_baselines_scalar(qk_table *table);

#if defined(__x86_64__)
void qk_fill_float_avx2(qk_table *table);
void qk_fill_attention_avx2(qk_table *table);
void qk_fill_products_avx2(qk_table *table);
void qk_fill_probes_avx2(qk_table *table);
void qk_fill_baselines_avx2(qk_table *table);
void qk_fill_panels_avx2(qk_table *table);
void qk_fill_float_avx512(qk_table *table);
void qk_fill_attention_avx512(qk_table *table);
void qk_fill_attention_bf16_avx512(qk_table *table);
void qk_fill_products_avx512(qk_table *table);
void qk_fill_probes_avx512(qk_table *table);
void qk_fill_baselines_avx512(qk_table *table);
void qk_fill_panels_avx512(qk_table *table);
#endif

#if defined(__aarch64__)
void qk_fill_float_neon(qk_table *table);
void qk_fill_attention_neon(qk_table *table);
void qk_fill_products_neon(qk_table *table);
void qk_fill_probes_neon(qk_table *table);
void qk_fill_baselines_neon(qk_table *table);
#endif

#endif
