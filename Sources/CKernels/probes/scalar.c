// Plain C, as the kernels of this level are: what the compiler makes of it is what they get.
#include "tables.h"

enum { VALUES = 1024, CHAINS = 16 };

static uint64_t probe_read(const void *bytes, size_t count) {
    const uint64_t *p = bytes;
    uint64_t sum = 0;
    for (size_t i = 0; i < count / 8; i++) {
        sum |= p[i];
    }
    return sum;
}

// The address goes through an empty instruction, so that the values count as unknown.
static const int8_t *unknown(const int8_t *p) {
    __asm__ volatile("" : "+r"(p) : : "memory");
    return p;
}

static int64_t probe_dot(size_t rounds) {
    int8_t x[VALUES], y[VALUES];
    for (int i = 0; i < VALUES; i++) {
        x[i] = (int8_t)i;
        y[i] = (int8_t)(3 * i);
    }
    int64_t total = 0;
    for (size_t round = 0; round < rounds; round++) {
        const int8_t *a = unknown(x), *b = unknown(y);
        int32_t sum = 0;
        for (int i = 0; i < VALUES; i++) {
            sum += a[i] * b[i];
        }
        total += sum;
    }
    return total;
}

static float probe_fma(size_t rounds) {
    float sums[CHAINS] = {0}, y = 0.5f;
    for (size_t round = 0; round < rounds; round++) {
        __asm__ volatile("" : "+m"(y));
        for (int i = 0; i < CHAINS; i++) {
            sums[i] = sums[i] * y + 1e-3f;
        }
    }
    float sum = 0;
    for (int i = 0; i < CHAINS; i++) {
        sum += sums[i];
    }
    return sum;
}

void qk_probe_fill(void *bytes, size_t count, uint64_t seed) {
    uint64_t state = seed * 0x9E3779B97F4A7C15u | 1, *words = bytes;
    for (size_t i = 0; i < count / 8; i++) {
        state ^= state << 13;
        state ^= state >> 7;
        state ^= state << 17;
        words[i] = state;
    }
}

void qk_fill_probes_scalar(qk_table *table) {
    table->probes = (qk_probes){
        .read = probe_read,
        .dot = probe_dot,
        .fma = probe_fma,
        .dot_operations = 2 * VALUES,
        .fma_operations = 2 * CHAINS,
    };
}
