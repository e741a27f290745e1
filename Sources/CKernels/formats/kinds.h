// The kind of every format: list.h as constants. After blocks.h and superblocks.h.
#include "formats/list.h"

#define QK_KIND(name, id, bytes, halves, bits, shift, scales, table)                              \
    QK_STATIC const qk_kind kind_##name = {                                                       \
        qk_integers_##name, qk_raw_##name, bytes, halves, bits, shift, QK_SCALES_##scales, table, \
        false};                                                                                   \
    _Static_assert(id < QK_FORMATS, "QK_FORMATS is too small");
QK_EACH_FORMAT(QK_KIND)
#undef QK_KIND
