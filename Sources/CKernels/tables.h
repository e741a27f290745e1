// What the files of the levels give to dispatch.c. A fill function sets the entries that it has a
// better kernel for; those of the scalar level set all, and come first.
#ifndef QK_TABLES_H
#define QK_TABLES_H

#include "CKernels.h"

#define QK_FILL(name) void qk_fill_##name(qk_table *table);

QK_FILL(float_scalar)
QK_FILL(attention_scalar)
QK_FILL(activations_scalar)
QK_FILL(products_scalar)
QK_FILL(panels_scalar)
QK_FILL(probes_scalar)
QK_FILL(baselines_scalar)

#if defined(__x86_64__)
QK_FILL(float_avx2)
QK_FILL(attention_avx2)
QK_FILL(activations_avx2)
QK_FILL(products_avx2)
QK_FILL(panels_avx2)
QK_FILL(probes_avx2)
QK_FILL(baselines_avx2)

QK_FILL(panels_avxvnni)
QK_FILL(panels_avx512vl)

QK_FILL(float_avx512)
QK_FILL(attention_avx512)
QK_FILL(attention_bf16_avx512)
QK_FILL(activations_avx512)
QK_FILL(products_avx512)
QK_FILL(panels_avx512)
QK_FILL(probes_avx512)
QK_FILL(baselines_avx512)
#endif

#if defined(__aarch64__)
QK_FILL(float_neon)
QK_FILL(attention_neon)
QK_FILL(products_neon)
QK_FILL(panels_neon)
QK_FILL(panels_neon_dotprod)
QK_FILL(probes_neon)
QK_FILL(baselines_neon)
#endif

#undef QK_FILL
#endif
