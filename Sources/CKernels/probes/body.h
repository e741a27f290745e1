// The probes of a level, from its vector operations and from what the including file says:
//   pi          a vector of bytes or of 32-bit sums
//   PI_BYTES    the bytes of one
//   P_REGISTER  the letter of the level's vector registers in inline assembly
//   p_load(p)   aligned load
//   p_or(a, b)
//   p_set1(x)   32-bit lanes
//   p_dot(sum, a, b)   products of bytes, added to the 32-bit lanes
//   p_sum(x)    the sum of the 32-bit lanes
// Included after vectors/*.h, within the attributes of the level.

// The compiler has to believe that the value has changed.
#define OPAQUE(x) __asm__ volatile("" : "+" P_REGISTER(x))

// Chains that are enough to fill two pipes with a latency of four or five cycles.
enum { CHAINS = 12 };

static uint64_t probe_read(const void *bytes, size_t count) {
    const uint8_t *p = bytes;
    pi a = p_set1(0), b = a, c = a, d = a;
    // 512 bytes, eight cache lines, in a round.
    for (const uint8_t *end = p + count; p < end; p += 512) {
        for (size_t i = 0; i < 512; i += 4 * PI_BYTES) {
            a = p_or(a, p_load(p + i));
            b = p_or(b, p_load(p + i + PI_BYTES));
            c = p_or(c, p_load(p + i + 2 * PI_BYTES));
            d = p_or(d, p_load(p + i + 3 * PI_BYTES));
        }
    }
    return (uint64_t)p_sum(p_or(p_or(a, b), p_or(c, d)));
}

static int64_t probe_dot(size_t rounds) {
    pi sums[CHAINS];
    pi x = p_set1(0x01020301), y = p_set1(0x02010102);
    for (int i = 0; i < CHAINS; i++) {
        sums[i] = p_set1(0);
    }
    for (size_t round = 0; round < rounds; round++) {
#pragma clang loop unroll(full)
        for (int i = 0; i < CHAINS; i++) {
            OPAQUE(x);
            sums[i] = p_dot(sums[i], x, y);
        }
    }
    int64_t sum = 0;
    for (int i = 0; i < CHAINS; i++) {
        sum += p_sum(sums[i]);
    }
    return sum;
}

static float probe_fma(size_t rounds) {
    vf sums[CHAINS];
    vf x = v_set1(1e-3f), y = v_set1(0.5f);
    for (int i = 0; i < CHAINS; i++) {
        sums[i] = v_set1((float)i);
    }
    for (size_t round = 0; round < rounds; round++) {
#pragma clang loop unroll(full)
        for (int i = 0; i < CHAINS; i++) {
            OPAQUE(x);
            sums[i] = v_fma(sums[i], y, x);
        }
    }
    float sum = 0;
    for (int i = 0; i < CHAINS; i++) {
        sum += v_sum(sums[i]);
    }
    return sum;
}

static void fill_probes(qk_table *table) {
    table->probes = (qk_probes){
        .read = probe_read,
        .dot = probe_dot,
        .fma = probe_fma,
        .dot_operations = 2 * CHAINS * PI_BYTES,
        .fma_operations = 2 * CHAINS * LANES,
    };
}
