// Features of processors: their names, and those that this machine has.
#include "CKernelsCPU.h"

#include <stdio.h>
#include <string.h>

#if defined(__aarch64__) && defined(__linux__)
#include <sys/auxv.h>
#endif

enum { AVX512 = QK_CPU_AVX2 | QK_CPU_AVX512 };

// In the order of the bits. Feature: its name, and what it builds on.
static const struct {
    const char *name;
    uint32_t bit, below;
} features[] = {
    {"avx2", QK_CPU_AVX2, 0},
    {"avxvnni", QK_CPU_AVXVNNI, QK_CPU_AVX2},
    {"avx512", QK_CPU_AVX512, QK_CPU_AVX2},
    {"vnni", QK_CPU_VNNI, AVX512},
    {"bf16", QK_CPU_BF16, AVX512},
    {"neon", QK_CPU_NEON, 0},
    {"dotprod", QK_CPU_DOTPROD, QK_CPU_NEON},
};
enum { FEATURES = sizeof features / sizeof *features };

// From the highest down.
static const struct {
    const char *name;
    uint32_t needs, may;
} levels[] = {
    {"avx512", AVX512, QK_CPU_VNNI | QK_CPU_BF16},
    {"avx2", QK_CPU_AVX2, 0},
    {"neon", QK_CPU_NEON, QK_CPU_DOTPROD},
    {"scalar", 0, 0},
};
enum { LEVELS = sizeof levels / sizeof *levels };

uint32_t qk_cpu_features(void) {
    uint32_t set = 0;
#if defined(__x86_64__)
    // These builtins also ask whether the operating system saves the wide registers.
    __builtin_cpu_init();
    if (__builtin_cpu_supports("avx2") && __builtin_cpu_supports("fma") &&
        __builtin_cpu_supports("f16c")) {
        set |= QK_CPU_AVX2;
        set |= __builtin_cpu_supports("avxvnni") ? QK_CPU_AVXVNNI : 0;
    }
    if (set != 0 && __builtin_cpu_supports("avx512f") && __builtin_cpu_supports("avx512bw") &&
        __builtin_cpu_supports("avx512dq") && __builtin_cpu_supports("avx512vl")) {
        set |= QK_CPU_AVX512;
        set |= __builtin_cpu_supports("avx512vnni") ? QK_CPU_VNNI | QK_CPU_AVXVNNI : 0;
        set |= __builtin_cpu_supports("avx512bf16") ? QK_CPU_BF16 : 0;
    }
#elif defined(__aarch64__)
    set |= QK_CPU_NEON;
#if defined(__linux__)
    enum { ASIMDDP = 1 << 20 };
    set |= getauxval(AT_HWCAP) & ASIMDDP ? QK_CPU_DOTPROD : 0;
#elif defined(__APPLE__)
    set |= QK_CPU_DOTPROD;
#endif
#endif
    return set;
}

// The bit of a word of a text, or 0.
static uint32_t feature(const char *word, size_t length) {
    for (size_t i = 0; i < FEATURES; i++) {
        if (strlen(features[i].name) == length && memcmp(features[i].name, word, length) == 0) {
            return features[i].bit;
        }
    }
    return 0;
}

static uint32_t added(uint32_t set, uint32_t bit) {
    for (size_t i = 0; i < FEATURES; i++) {
        set |= features[i].bit == bit ? bit | features[i].below : 0;
    }
    return set;
}

static uint32_t taken(uint32_t set, uint32_t bit) {
    for (size_t i = 0; i < FEATURES; i++) {
        set &= features[i].bit == bit || (features[i].below & bit) ? ~features[i].bit : ~0u;
    }
    return set;
}

bool qk_cpu_parse(const char *text, uint32_t *set) {
    size_t length = strcspn(text, "+-"), level = 0;
    while (level < LEVELS && (strlen(levels[level].name) != length ||
                              memcmp(levels[level].name, text, length) != 0)) {
        level++;
    }
    if (level == LEVELS) {
        return false;
    }
    *set = levels[level].needs | (levels[level].may & qk_cpu_features());
    for (text += length; *text != '\0'; text += length) {
        bool add = *text++ == '+';
        length = strcspn(text, "+-");
        uint32_t bit = feature(text, length);
        if (bit == 0) {
            return false;
        }
        *set = add ? added(*set, bit) : taken(*set, bit);
    }
    return true;
}

void qk_cpu_name(uint32_t set, char name[QK_CPU_NAME]) {
    size_t level = 0;
    while (levels[level].needs & ~set) {
        level++;
    }
    uint32_t all = levels[level].needs | (levels[level].may & qk_cpu_features());
    int length = snprintf(name, QK_CPU_NAME, "%s", levels[level].name);
    for (size_t i = 0; i < FEATURES; i++) {
        uint32_t bit = features[i].bit;
        if ((set ^ all) & bit) {
            length += snprintf(name + length, (size_t)(QK_CPU_NAME - length), "%c%s",
                               set & bit ? '+' : '-', features[i].name);
        }
    }
}
