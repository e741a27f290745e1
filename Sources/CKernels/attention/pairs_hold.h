// Whether the processor's products of bf16 are those of attention/pairs.h. Manuals do not promise
// the order of a pair's two products; where it is another one, floats are multiplied.
#ifndef QK_ATTENTION_PAIRS_HOLD_H
#define QK_ATTENTION_PAIRS_HOLD_H

#include "vectors/fused.h"

// Zeros, subnormal numbers, the smallest normal ones, factors whose products are near those, ones,
// and numbers whose products and sums are rounded or overflow.
static const uint16_t pair_edges[16] = {
    0x0000, 0x8000, 0x0001, 0x807f, 0x0080, 0x8080, 0x1f80, 0x2000,
    0xa001, 0x3f80, 0xbf81, 0x3fff, 0x40c9, 0xc2f7, 0x5f80, 0x7f7f,
};

// The bits of a number that is rounded to bf16.
static uint16_t bf16_of(float x) { return (uint16_t)(qk_bits(qk_rounded_bf16(x)) >> 16); }

// A thousand pairs and their sums: a few microseconds.
static bool pairs_hold(void) {
    uint32_t state = 1;
    for (int round = 0; round < 64; round++) {
        uint16_t a[2 * LANES], b[2 * LANES], rounded[2 * LANES];
        float sums[LANES], out[LANES];
        for (int i = 0; i < 2 * LANES; i++) {
            state = state * 1664525 + 1013904223;
            a[i] = pair_edges[state >> 28];
            b[i] = pair_edges[state >> 24 & 15];
            sums[i / 2] = qk_float((uint32_t)pair_edges[state >> 20 & 15] << 16 |
                                   (state >> 8 & 0xfff));
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
            bool holds = qk_bits(out[i]) == qk_bits(wanted) && rounded[i] == bf16_of(wanted) &&
                         rounded[LANES + i] == bf16_of(sums[i]);
            if (wanted == wanted && !holds) {
                return false;
            }
        }
    }
    return true;
}

#endif
