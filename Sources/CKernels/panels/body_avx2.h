// What the files of AVX2 share: everything but the product of bytes. See panels/scalar.c.
#define QK_HALF(bits) _cvtsh_ss(bits)
#include "formats/all.h"
#include "panels/layout.h"
#include "panels/pack.h"
#include "panels/rows.h"
#include "panels/unpack_avx2.h"
#include "panels/run_avx2.h"

#ifndef QK_DPBUSD
#define QK_ADD_PARTS(name)                                                                        \
    static void add_##name(const qk_part *t) {                                                    \
        qk_kind kind = kind_##name;                                                               \
        kind.lone = true;                                                                         \
        if (qk_is_byte(kind) && t->rows == 1) {                                                   \
            qk_add_part(kind, t);                                                                 \
        } else {                                                                                  \
            qk_add_part(kind_##name, t);                                                          \
        }                                                                                         \
    }
#endif
#include "panels/part.h"
#include "panels/formats.h"
