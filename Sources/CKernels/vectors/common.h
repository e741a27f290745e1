// What follows from a level's vector operations: tails, exp, tanh. Included after vectors/*.h.
#ifndef QK_VECTOR_COMMON_H
#define QK_VECTOR_COMMON_H

#include <math.h>
#include <string.h>

#include "CKernels.h"

// Tails go through a padded copy, so that a lane's arithmetic does not depend on where it lies.
static inline vf v_load_partial(const float *p, size_t n, float padding) {
    float copy[LANES];
    for (size_t i = 0; i < LANES; i++) {
        copy[i] = i < n ? p[i] : padding;
    }
    return v_load(copy);
}

static inline void v_store_partial(float *p, vf x, size_t n) {
    float copy[LANES];
    v_store(copy, x);
    memcpy(p, copy, n * sizeof(float));
}

// exp within 2 ulp: x = n ln 2 + r with |r| <= ln 2 / 2, and exp(r) = 1 + r + r^2 p(r), where p
// interpolates (exp(r) - 1 - r) / r^2 at the Chebyshev nodes. NaN stays NaN.
static inline vf v_exp(vf x) {
    x = v_min(v_set1(89.0f), v_max(v_set1(-105.0f), x));
    vf n = v_round(v_mul(x, v_set1(0x1.715476p+0f)));
    // ln 2 in two parts: the first has few bits, so that n times it is exact.
    vf r = v_fnma(n, v_set1(0x1.63p-1f), x);
    r = v_fnma(n, v_set1(-0x1.bd0105p-13f), r);
    vf p = v_fma(v_set1(0x1.6d1606p-10f), r, v_set1(0x1.12106cp-7f));
    p = v_fma(p, r, v_set1(0x1.555516p-5f));
    p = v_fma(p, r, v_set1(0x1.5554d8p-3f));
    p = v_fma(p, r, v_set1(0.5f));
    p = v_add(v_fma(p, v_mul(r, r), r), v_set1(1.0f));
    return v_ldexp(p, n);
}

// tanh: near 0 an odd polynomial (Chebyshev nodes in x^2), so that small values keep their
// relative accuracy; elsewhere 1 - 2 / (exp(2x) + 1).
static inline vf v_tanh(vf x) {
    vf a = v_abs(x), z = v_mul(x, x);
    vf p = v_fma(v_set1(-0.00626911968f), z, v_set1(0.02111095935f));
    p = v_fma(p, z, v_set1(-0.05387394875f));
    p = v_fma(p, z, v_set1(0.13332915306f));
    p = v_fma(p, z, v_set1(-0.33333331347f));
    vf near = v_fma(v_mul(p, z), x, x);
    vf e = v_exp(v_add(a, a));
    vf far = v_sub(v_set1(1.0f), v_div(v_set1(2.0f), v_add(e, v_set1(1.0f))));
    return v_select(v_less(a, v_set1(0.6f)), near, v_sign(far, x));
}

#endif
