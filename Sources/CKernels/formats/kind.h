// What the kernels know of an integer format: how its blocks are read, and what they hold. Each
// file of a level includes the headers of this folder inside its own target region, so that the
// compiler vectorises them for that level. It may define QK_HALF(bits) first: the float of a
// half's bits, in one instruction.
#include <string.h>

#include "CKernels.h"
#include "vectors/half.h"

#define QK_STATIC static __attribute__((unused))
#define QK_INLINE static inline __attribute__((always_inline, unused))

#ifndef QK_HALF
#define QK_HALF(bits) qk_f32_from_f16(bits)
#endif

// How scales are stored, in a file and in a unit of a panel (panels/layout.h).
typedef enum qk_scales {
    QK_SCALES_HALF,      // a half per run of 32
    QK_SCALES_PAIR,      // and a half for the offset
    QK_SCALES_POWER,     // a power of two (E8M0) per run of 32
    QK_SCALES_SIGNED,    // a half per 256 columns, a signed byte per run
    QK_SCALES_UNSIGNED,  // two halves per 256 columns, two bytes per run: scale and minimum
    QK_SCALES_NIBBLES,   // two halves per 256 columns, two nibbles per run
} qk_scales;

// The scales of up to 256 weights as the file has them. HALF and PAIR: d and minimum by run of 32.
// POWER: scale by run of 32. The others: d and minimum of all 256 at [0], scale and offset by run.
typedef struct qk_raw_scales {
    uint16_t d[8], minimum[8];
    uint8_t scale[16], offset[16];
} qk_raw_scales;

// Read `blocks` (1...8) runs of 32 weights at `bytes`: their integers u, or their scales.
typedef void qk_integers(const uint8_t *restrict bytes, size_t blocks, uint8_t *restrict u);
typedef void qk_raw_reader(const uint8_t *restrict bytes, size_t blocks,
                           qk_raw_scales *restrict raw);

// The columns of list.h (kinds.h). Always a constant once inlined.
typedef struct qk_kind {
    qk_integers *integers;
    qk_raw_reader *raw;
    size_t chunk_bytes;
    bool halves;
    int bits, shift;
    qk_scales scales;
    const int8_t *table;
    bool lone;  // what a level may set for a kernel of a single row (panels/run_avx2.h)
} qk_kind;

QK_INLINE bool qk_is_wide(qk_kind kind) { return kind.scales >= QK_SCALES_SIGNED; }
QK_INLINE bool qk_has_offset(qk_kind kind) { return kind.shift < 0; }

QK_INLINE uint16_t qk_u16(const uint8_t *bytes) {
    uint16_t value;
    memcpy(&value, bytes, sizeof value);
    return value;
}

QK_INLINE uint32_t qk_u32(const uint8_t *bytes) {
    uint32_t value;
    memcpy(&value, bytes, sizeof value);
    return value;
}
