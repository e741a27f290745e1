// Fills a table for a set of features, and chooses the set to use, once.
#include <pthread.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "tables.h"

enum { TABLES = 16 };  // the sets that the features of one architecture can make are fewer

static qk_table tables[TABLES];
static size_t count;
static pthread_mutex_t lock = PTHREAD_MUTEX_INITIALIZER;

static const qk_table *active;
static char reason[256];
static pthread_once_t once = PTHREAD_ONCE_INIT;

#if defined(__x86_64__)
static void fill_x86(qk_table *table, uint32_t set) {
    if (set & QK_CPU_AVX2) {
        qk_fill_float_avx2(table);
        qk_fill_attention_avx2(table);
        qk_fill_activations_avx2(table);
        qk_fill_products_avx2(table);
        qk_fill_panels_avx2(table);
        qk_fill_probes_avx2(table);
        qk_fill_baselines_avx2(table);
    }
    if (set & QK_CPU_AVXVNNI) {
        if (__builtin_cpu_supports("avxvnni")) {
            qk_fill_panels_avxvnni(table);
        } else {
            qk_fill_panels_avx512vl(table);
        }
    }
    if (set & QK_CPU_AVX512) {
        qk_fill_float_avx512(table);
        qk_fill_activations_avx512(table);
        qk_fill_products_avx512(table);
        qk_fill_baselines_avx512(table);
    }
    if (set & QK_CPU_VNNI) {
        qk_fill_attention_avx512(table);
        qk_fill_panels_avx512(table);
        qk_fill_probes_avx512(table);
        if (set & QK_CPU_BF16) {
            qk_fill_attention_bf16_avx512(table);
        }
    }
}
#endif

#if defined(__aarch64__)
static void fill_arm(qk_table *table, uint32_t set) {
    if (set & QK_CPU_NEON) {
        qk_fill_float_neon(table);
        qk_fill_attention_neon(table);
        qk_fill_products_neon(table);
        qk_fill_panels_neon(table);
        qk_fill_probes_neon(table);
        qk_fill_baselines_neon(table);
    }
    if (set & QK_CPU_DOTPROD) {
        qk_fill_panels_neon_dotprod(table);
    }
}
#endif

static void fill(qk_table *table, uint32_t set) {
    table->features = set;
    qk_cpu_name(set, table->name);
    qk_fill_float_scalar(table);
    qk_fill_attention_scalar(table);
    qk_fill_activations_scalar(table);
    qk_fill_products_scalar(table);
    qk_fill_panels_scalar(table);
    qk_fill_probes_scalar(table);
    qk_fill_baselines_scalar(table);
#if defined(__x86_64__)
    fill_x86(table, set);
#elif defined(__aarch64__)
    fill_arm(table, set);
#endif
}

const qk_table *qk_table_for(uint32_t set) {
    if (set & ~qk_cpu_features()) {
        return NULL;
    }
    pthread_mutex_lock(&lock);
    size_t i = 0;
    while (i < count && tables[i].features != set) {
        i++;
    }
    if (i == count && count < TABLES) {
        fill(&tables[count++], set);
    }
    pthread_mutex_unlock(&lock);
    return i < TABLES ? &tables[i] : NULL;
}

static void choose(void) {
    uint32_t best = qk_cpu_features(), set;
    // No kernel is better with both.
    best &= best & QK_CPU_VNNI ? ~(uint32_t)QK_CPU_AVXVNNI : ~0u;
    active = qk_table_for(best);
    const char *wanted = getenv("QUIRE_ISA");
    if (wanted == NULL || wanted[0] == '\0') {
        snprintf(reason, sizeof reason, "%s: the best that this machine has", active->name);
    } else if (!qk_cpu_parse(wanted, &set)) {
        snprintf(reason, sizeof reason,
                 "%s: QUIRE_ISA is none of scalar, avx2, avx512, neon, and is ignored",
                 active->name);
    } else if (qk_table_for(set) == NULL) {
        snprintf(reason, sizeof reason, "%s: QUIRE_ISA asks for %.80s, which this machine lacks",
                 active->name, wanted);
    } else {
        active = qk_table_for(set);
        snprintf(reason, sizeof reason, "%s: QUIRE_ISA asks for it", active->name);
    }
}

const qk_table *qk_table_active(void) {
    pthread_once(&once, choose);
    return active;
}

const char *qk_isa_reason(void) {
    pthread_once(&once, choose);
    return reason;
}
