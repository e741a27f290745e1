// The kind of every format: list.h as constants. After blocks.h and superblocks.h.
#include "formats/list.h"

#define QK_STORES_OFFSETS(scales)                                                                 \
    (scales == QK_SCALES_PAIR || scales == QK_SCALES_UNSIGNED || scales == QK_SCALES_NIBBLES)

#define QK_KIND(name, id, bytes, halves, bits, shift, scales, table)                              \
    QK_STATIC const qk_kind kind_##name = {                                                       \
        qk_integers_##name, qk_raw_##name, bytes, halves, bits, shift, QK_SCALES_##scales, table, \
        false};                                                                                   \
    _Static_assert(id < QK_FORMATS, "QK_FORMATS is too small");                                   \
    _Static_assert(bytes > 32 * bits, "list.h: bytes are those of 256 weights");                  \
    _Static_assert(bits >= 2 && bits <= 8 && bits != 7, "list.h: no such integers");              \
    _Static_assert((shift < 0) == QK_STORES_OFFSETS(QK_SCALES_##scales),                          \
                   "list.h: the shift is below zero where there are offsets, and only there");
QK_EACH_FORMAT(QK_KIND)
#undef QK_KIND
#undef QK_STORES_OFFSETS

// Never called: it does not compile where two formats have one id.
#define QK_CASE(name, id, ...) case id:
QK_STATIC void qk_ids_differ(uint32_t id) {
    switch (id) {
        QK_EACH_FORMAT(QK_CASE)
        QK_EACH_FLOAT_FORMAT(QK_CASE)
    default: break;
    }
}
#undef QK_CASE
