// What kernels may use of a processor: a set of features. Levels are names for sets that go
// together.
//
// Included by CKernels.h. A set is written as a level's name, then features that are added or taken
// away: avx2, avx2+avxvnni, avx512-bf16. A level is what it needs, and of what it may have what
// this machine has. Every set gives the same bits; they differ in speed.
#ifndef CKERNELS_CPU_H
#define CKERNELS_CPU_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#pragma clang assume_nonnull begin

enum {
    QK_CPU_AVX2 = 1 << 0,     // with FMA and F16C
    QK_CPU_AVXVNNI = 1 << 1,  // products of bytes, 32 at once, in either encoding
    QK_CPU_AVX512 = 1 << 2,   // F, BW, DQ, VL
    QK_CPU_VNNI = 1 << 3,     // products of bytes, 64 at once
    QK_CPU_BF16 = 1 << 4,     // products of bf16, 32 at once
    QK_CPU_NEON = 1 << 5,
    QK_CPU_DOTPROD = 1 << 6,  // products of bytes, 16 at once
};

enum { QK_CPU_NAME = 80 };  // bytes of a set's name, at most

// What this machine has.
uint32_t qk_cpu_features(void);

// The set that a text names, which this machine need not have. False where a word is no level, or
// no feature. A feature brings those it builds on, and takes with it those that build on it.
bool qk_cpu_parse(const char *text, uint32_t *set);

// The name of a set: of the highest level in it, and what it has more or less than this machine has
// of that.
void qk_cpu_name(uint32_t set, char name[_Nonnull QK_CPU_NAME]);

#pragma clang assume_nonnull end
#endif
