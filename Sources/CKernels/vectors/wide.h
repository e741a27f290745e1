// A vector of sixteen lanes at every level, for what is added up over lanes: element i of a row
// goes to lane i mod 16, whatever a register holds, so that a sum has one order on all machines.
// Written once over a level's vector operations; included after vectors/*.h.
//
// The lanes are added as AVX-512 adds halves of registers: l and l + 8, then l and l + 4, l and
// l + 2, l and l + 1. Largest lanes are found in the same order, which decides between the zeros.
#ifndef QK_VECTOR_WIDE_H
#define QK_VECTOR_WIDE_H

#include "vectors/common.h"

enum { WIDE = 16, WIDE_PARTS = WIDE / LANES };
typedef struct vw {
    vf part[WIDE_PARTS];
} vw;

#define QK_WIDE static inline __attribute__((always_inline))
#define EACH_PART for (int i = 0; i < WIDE_PARTS; i++)

QK_WIDE vw w_set1(float x) {
    vw y;
    EACH_PART { y.part[i] = v_set1(x); }
    return y;
}
QK_WIDE vw w_load(const float *p) {
    vw y;
    EACH_PART { y.part[i] = v_load(p + i * LANES); }
    return y;
}
QK_WIDE vw w_load_partial(const float *p, size_t n, float padding) {
    float copy[WIDE];
    for (size_t i = 0; i < WIDE; i++) {
        copy[i] = i < n ? p[i] : padding;
    }
    return w_load(copy);
}
QK_WIDE void w_store(float *p, vw x) { EACH_PART { v_store(p + i * LANES, x.part[i]); } }

QK_WIDE vw w_add(vw a, vw b) {
    EACH_PART { a.part[i] = v_add(a.part[i], b.part[i]); }
    return a;
}
QK_WIDE vw w_mul(vw a, vw b) {
    EACH_PART { a.part[i] = v_mul(a.part[i], b.part[i]); }
    return a;
}
QK_WIDE vw w_fma(vw a, vw b, vw c) {
    EACH_PART { c.part[i] = v_fma(a.part[i], b.part[i], c.part[i]); }
    return c;
}
QK_WIDE vw w_max(vw a, vw b) {
    EACH_PART { a.part[i] = v_max(a.part[i], b.part[i]); }
    return a;
}
// exp(x - y)
QK_WIDE vw w_exp_difference(vw x, vw y) {
    EACH_PART { x.part[i] = v_exp(v_sub(x.part[i], y.part[i])); }
    return x;
}

QK_WIDE float w_sum(vw x) {
    for (int half = WIDE_PARTS / 2; half > 0; half /= 2) {
        for (int i = 0; i < half; i++) {
            x.part[i] = v_add(x.part[i], x.part[i + half]);
        }
    }
    return v_sum(x.part[0]);
}
QK_WIDE float w_hmax(vw x) {
    for (int half = WIDE_PARTS / 2; half > 0; half /= 2) {
        for (int i = 0; i < half; i++) {
            x.part[i] = v_max(x.part[i], x.part[i + half]);
        }
    }
    return v_hmax(x.part[0]);
}

#endif
