// The attention of level avx512 on machines that also have its dot product of bf16: the same bits,
// sooner.
#if defined(__x86_64__)
#include "attention/tiles_avx512.h"

#define MULTIPLIES_PAIRS
#include <math.h>
#include <string.h>

#include "vectors/avx512.h"
#include "tables.h"
#include "vectors/fused.h"

#pragma clang attribute push(                                                               \
    __attribute__((target(                                                                  \
        "avx512f,avx512bw,avx512dq,avx512vl,avx512vnni,avx512bf16,avx2,fma,f16c"))),        \
    apply_to = function)
#include "attention/body.h"

// Whether the instructions give what attention/pairs.h says, on bits that cross every border: no
// manual promises the order of the two products to all machines.
static bool pairs_hold(void) {
    static const uint16_t edges[16] = {
        0x0000, 0x8000, 0x0001, 0x807f, 0x0080, 0x8080, 0x1f80, 0x2000,
        0xa001, 0x3f80, 0xbf81, 0x3fff, 0x40c9, 0xc2f7, 0x5f80, 0x7f7f,
    };
    uint32_t state = 1;
    for (int round = 0; round < 64; round++) {
        uint16_t a[2 * LANES], b[2 * LANES], rounded[2 * LANES];
        float sums[LANES], out[LANES];
        for (int i = 0; i < 2 * LANES; i++) {
            state = state * 1664525 + 1013904223;
            a[i] = edges[state >> 28];
            b[i] = edges[state >> 24 & 15];
            sums[i / 2] = qk_float((uint32_t)edges[state >> 20 & 15] << 16 | (state >> 8 & 0xfff));
        }
        vf sum = (vf)_mm512_dpbf16_ps(v_load(sums), (__m512bh)vi_load((const uint8_t *)a),
                                      (__m512bh)vi_load((const uint8_t *)b));
        v_store(out, sum);
        _mm512_storeu_si512(rounded, (vi)_mm512_cvtne2ps_pbh(v_load(sums), sum));
        for (int i = 0; i < LANES; i++) {
            float wanted = sums[i];
            for (int j = 2 * i + 1; j >= 2 * i; j--) {
                wanted = qk_fma_flushed(qk_f32_from_bf16(a[j]), qk_f32_from_bf16(b[j]), wanted);
            }
            uint32_t first = qk_bits(qk_rounded_bf16(wanted)) >> 16;
            uint32_t second = qk_bits(qk_rounded_bf16(sums[i])) >> 16;
            bool holds = qk_bits(out[i]) == qk_bits(wanted) && rounded[i] == first &&
                         rounded[LANES + i] == second;
            if (wanted == wanted && !holds) {
                return false;
            }
        }
    }
    return true;
}

void qk_fill_attention_bf16_avx512(qk_table *table) {
    if (pairs_hold()) {
        table->attention = attention;
    }
}

#pragma clang attribute pop

#endif
