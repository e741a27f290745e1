#include "suite.h"

enum { ROOM = 64 };  // bytes behind an output

// SplitMix64 (Steele, Lea and Flood 2014).
uint64_t suite_bits(suite *s) {
    uint64_t z = s->state += 0x9E3779B97F4A7C15;
    z = (z ^ (z >> 30)) * 0xBF58476D1CE4E5B9;
    z = (z ^ (z >> 27)) * 0x94D049BB133111EB;
    return z ^ (z >> 31);
}

static float with_bits(uint32_t bits) {
    float x;
    memcpy(&x, &bits, sizeof x);
    return x;
}

float suite_float(suite *s, int kind) {
    uint64_t bits = suite_bits(s);
    uint32_t sign = (uint32_t)(bits >> 63) << 31, fraction = (uint32_t)bits & 0x7FFFFF;
    uint32_t more = (uint32_t)(bits >> 32) & 0xFFFF;
    static const uint32_t odd[8] = {0,          1,          0x000ABCDE, 0x00800000,
                                    0x7F7FFFFF, 0x7F800000, 0x7FC00000, 0x42F60000};
    switch (kind) {
    case WIDE: return with_bits(sign | (97 + more % 61) << 23 | fraction);
    case ODD:
        if (more % 8 == 0) {
            return with_bits(sign | odd[more / 8 % 8]);
        }
        // fall through
    default: return with_bits(sign | (123 + more % 5) << 23 | fraction);
    }
}

void suite_floats(suite *s, float *x, size_t n, int kind) {
    for (size_t i = 0; i < n; i++) {
        x[i] = suite_float(s, kind);
    }
}

static void *memory(size_t bytes) {
    void *p = aligned_alloc(64, (bytes + 63) / 64 * 64 + ROOM);
    if (p == NULL) {
        abort();
    }
    return p;
}

void *suite_output(suite *s, size_t bytes) {
    void *p = memory(bytes);
    memset(p, s->poison, bytes + ROOM);
    return p;
}

void *suite_zeros(size_t bytes) {
    void *p = memory(bytes);
    memset(p, 0, bytes);
    return p;
}

void suite_add(suite *s, uint64_t word) {
    uint64_t product = (s->sum ^ word) * 0x9FB21C651E98DF25;
    s->sum = product << 29 | product >> 35;
}

void suite_add_float(suite *s, float x) {
    uint32_t bits;
    memcpy(&bits, &x, sizeof bits);
    suite_add(s, x != x ? 0x7FC00000 : bits);
}

void suite_add_double(suite *s, double x) {
    uint64_t bits;
    memcpy(&bits, &x, sizeof bits);
    suite_add(s, x != x ? 0x7FF8000000000000 : bits);
}

static void release(suite *s, void *start, size_t bytes) {
    const uint8_t *p = start;
    for (size_t i = 0; i < ROOM; i++) {
        s->spilled |= p[bytes + i] != s->poison;
    }
    free(start);
}

void suite_take_floats(suite *s, float *x, size_t n) {
    for (size_t i = 0; i < n; i++) {
        suite_add_float(s, x[i]);
    }
    release(s, x, n * sizeof *x);
}

void suite_take(suite *s, void *bytes, size_t count) {
    const uint8_t *p = bytes;
    for (size_t i = 0; i < count; i++) {
        suite_add(s, p[i]);
    }
    release(s, bytes, count);
}

void suite_case(suite *s, const char *name, case_body body, int a, int b) {
    // NaN, and a small number.
    static const int poisons[2] = {0xFF, 0x3C};
    uint64_t sums[2];
    s->spilled = 0;
    for (int i = 0; i < 2; i++) {
        s->poison = poisons[i];
        s->state = 0x51E2 + 977 * (uint64_t)a + 13 * (uint64_t)b;
        s->sum = 1;
        body(s, a, b);
        sums[i] = s->sum;
    }
    s->report(s->context, name, sums[0] == sums[1] && !s->spilled ? sums[0] : 0);
}

void kernel_sums(const qk_table *table, const void *model, size_t model_bytes, void *context,
                 kernel_sums_report report) {
    suite s = {.table = table,
               .model = model,
               .model_bytes = model_bytes,
               .context = context,
               .report = report};
    elementary_cases(&s);
    rows_cases(&s);
    scan_cases(&s);
    activation_cases(&s);
    product_cases(&s);
    attention_cases(&s);
    if (model != NULL) {
        step_cases(&s);
    }
}
