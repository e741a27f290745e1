// Chooses the level of the machine and fills its table, once.
#include <pthread.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "tables.h"

enum { QK_LEVELS = 4 };

static const char *const names[QK_LEVELS] = {"scalar", "neon", "avx2", "avx512"};
static qk_table tables[QK_LEVELS], plain[QK_LEVELS];
static const qk_table *active;
static char reason[256];
static pthread_once_t once = PTHREAD_ONCE_INIT;

static bool supported(int level) {
    switch (level) {
    case QK_ISA_SCALAR:
        return true;
#if defined(__x86_64__)
    // These builtins also ask whether the operating system saves the wide registers.
    case QK_ISA_AVX2:
        return __builtin_cpu_supports("avx2") && __builtin_cpu_supports("fma") &&
               __builtin_cpu_supports("f16c");
    case QK_ISA_AVX512:
        return supported(QK_ISA_AVX2) && __builtin_cpu_supports("avx512f") &&
               __builtin_cpu_supports("avx512bw") && __builtin_cpu_supports("avx512dq") &&
               __builtin_cpu_supports("avx512vl") && __builtin_cpu_supports("avx512vnni");
#endif
#if defined(__aarch64__)
    case QK_ISA_NEON:
        return true;
#endif
    default:
        return false;
    }
}

static void fill(int level) {
    qk_table *table = &tables[level];
    table->isa = level;
    table->name = names[level];
    qk_fill_float_scalar(table);
    qk_fill_attention_scalar(table);
    qk_fill_products_scalar(table);
    qk_fill_probes_scalar(table);
    qk_fill_baselines_scalar(table);
#if defined(__x86_64__)
    if (level >= QK_ISA_AVX2) {
        qk_fill_float_avx2(table);
        qk_fill_attention_avx2(table);
        qk_fill_products_avx2(table);
        qk_fill_probes_avx2(table);
        qk_fill_baselines_avx2(table);
        qk_fill_panels_avx2(table);
    }
    if (level >= QK_ISA_AVX512) {
        qk_fill_float_avx512(table);
        qk_fill_attention_avx512(table);
        qk_fill_products_avx512(table);
        qk_fill_probes_avx512(table);
        qk_fill_baselines_avx512(table);
        qk_fill_panels_avx512(table);
    }
#endif
#if defined(__aarch64__)
    if (level == QK_ISA_NEON) {
        qk_fill_float_neon(table);
        qk_fill_attention_neon(table);
        qk_fill_products_neon(table);
        qk_fill_probes_neon(table);
        qk_fill_baselines_neon(table);
    }
#endif
}

// What some machines of a level have beyond it: the same bits, sooner.
static void fill_extras(int level) {
    qk_table *table = &tables[level];
    plain[level] = *table;
#if defined(__x86_64__)
    if (level >= QK_ISA_AVX512 && __builtin_cpu_supports("avx512bf16")) {
        qk_fill_attention_bf16_avx512(table);
    }
#endif
}

static void choose(void) {
#if defined(__x86_64__)
    __builtin_cpu_init();
#endif
    int best = QK_ISA_SCALAR;
    for (int level = 0; level < QK_LEVELS; level++) {
        if (supported(level)) {
            fill(level);
            fill_extras(level);
            best = level;
        }
    }
    active = &tables[best];
    const char *wanted = getenv("QUIRE_ISA");
    if (wanted == NULL || wanted[0] == '\0') {
        snprintf(reason, sizeof reason, "%s: the best that this machine has", names[best]);
        return;
    }
    for (int level = 0; level < QK_LEVELS; level++) {
        if (strcmp(wanted, names[level]) != 0) {
            continue;
        }
        if (supported(level)) {
            active = &tables[level];
            snprintf(reason, sizeof reason, "%s: QUIRE_ISA asks for it", names[level]);
        } else {
            snprintf(reason, sizeof reason, "%s: QUIRE_ISA asks for %s, which this machine lacks",
                     names[best], names[level]);
        }
        return;
    }
    snprintf(reason, sizeof reason,
             "%s: QUIRE_ISA is none of scalar, avx2, avx512, neon, and is ignored", names[best]);
}

const qk_table *qk_table_active(void) {
    pthread_once(&once, choose);
    return active;
}

const qk_table *qk_table_for(int32_t isa) {
    pthread_once(&once, choose);
    return isa >= 0 && isa < QK_LEVELS && supported(isa) ? &tables[isa] : NULL;
}

const qk_table *qk_table_plain(int32_t isa) {
    return qk_table_for(isa) != NULL ? &plain[isa] : NULL;
}

const char *qk_isa_reason(void) {
    pthread_once(&once, choose);
    return reason;
}
