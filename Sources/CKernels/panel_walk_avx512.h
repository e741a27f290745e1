// The walk over panels of panels_avx512.c.

// MARK: unpacking in registers

QK_INLINE __m512i qk_shift(__m512i x, int left) {
    return left == 0 ? x
        : left > 0   ? _mm512_slli_epi16(x, (unsigned)left)
                     : _mm512_srli_epi16(x, (unsigned)-left);
}

QK_INLINE __m512i qk_bits_of(__m512i x, int left, int mask) {
    return _mm512_and_si512(qk_shift(x, left), _mm512_set1_epi8((char)mask));
}

// The eight groups of a run of 32 columns, run b of a unit.
QK_INLINE void qk_groups(qk_panel_kind kind, const uint8_t *unit, size_t b, __m512i w[8]) {
    size_t columns = qk_unit_columns(kind);
    const uint8_t *second = unit + columns * 2 * ((kind.bits & 4) ? 4 : 2);
#pragma clang loop unroll(full)
    for (int k = 0; k < 8; k++) {
        __m512i u = _mm512_setzero_si512();
        if (kind.bits == 8) {
            u = _mm512_load_si512(unit + 512 * b + 64 * (size_t)k);
        }
        if (kind.bits & 4) {
            __m512i x = _mm512_load_si512(unit + 256 * b + 64 * (size_t)(k / 2));
            u = qk_bits_of(x, -4 * (k % 2), 15);
        }
        if (kind.bits == 2 || kind.bits == 3) {
            __m512i x = _mm512_load_si512(unit + 128 * b + 64 * (size_t)(k / 4));
            u = qk_bits_of(x, -2 * (k % 4), 3);
        }
        if (kind.bits == 6) {
            __m512i x = _mm512_load_si512(second + 128 * b + 64 * (size_t)(k / 4));
            u = _mm512_or_si512(u, qk_bits_of(x, 4 - 2 * (k % 4), 0x30));
        }
        if (kind.bits == 5 || kind.bits == 3) {
            __m512i x = _mm512_load_si512(second + 64 * b);
            int to = kind.bits - 1;
            u = _mm512_or_si512(u, qk_bits_of(x, to - k, 1 << to));
        }
        if (kind.table != NULL) {
            u = _mm512_shuffle_epi8(qk_table16(kind.table, 128), u);
        }
        w[k] = u;
    }
}

// The scales and offsets of a run, 16 rows each; `run` counts runs of 32 or 16 in the unit.
QK_INLINE void qk_run_scales(qk_panel_kind kind, const uint8_t *unit, size_t run, __m512 *scale,
                             __m512 *offset) {
    const uint8_t *s = unit + qk_plane_bytes(kind);
    size_t runs = qk_unit_columns(kind) / (kind.halves ? 16 : 32);
#define QK_HALVES(at) _mm512_cvtph_ps(_mm256_load_si256((const __m256i *)(s + (at))))
#define QK_BYTES(at) _mm_load_si128((const __m128i *)(s + 64 + (at)))
    __m512 d, minimum;
    __m512i nibbles;
    switch (kind.scales) {
    case QK_SCALES_HALF:
        *scale = QK_HALVES(32 * run);
        break;
    case QK_SCALES_PAIR:
        *scale = QK_HALVES(64 * run);
        *offset = QK_HALVES(64 * run + 32);
        break;
    case QK_SCALES_POWER: {
        // 2^(e - 128), as qk_e8m0_half.
        __m512i e = _mm512_cvtepu8_epi32(_mm_load_si128((const __m128i *)(s + 16 * run)));
        __m512i normal = _mm512_slli_epi32(_mm512_sub_epi32(e, _mm512_set1_epi32(1)), 23);
        __m512i tiny = _mm512_sllv_epi32(_mm512_set1_epi32(0x00200000), e);
        __mmask16 small = _mm512_cmplt_epi32_mask(e, _mm512_set1_epi32(2));
        *scale = _mm512_castsi512_ps(_mm512_mask_mov_epi32(normal, small, tiny));
        break;
    }
    case QK_SCALES_SIGNED:
        d = QK_HALVES(0);
        *scale = _mm512_mul_ps(d, _mm512_cvtepi32_ps(_mm512_cvtepi8_epi32(QK_BYTES(16 * run))));
        break;
    case QK_SCALES_UNSIGNED:
        d = QK_HALVES(0);
        minimum = _mm512_xor_ps(QK_HALVES(32), _mm512_set1_ps(-0.0f));
        *scale = _mm512_mul_ps(d, _mm512_cvtepi32_ps(_mm512_cvtepu8_epi32(QK_BYTES(16 * run))));
        *offset = _mm512_mul_ps(
            minimum, _mm512_cvtepi32_ps(_mm512_cvtepu8_epi32(QK_BYTES(16 * (runs + run)))));
        break;
    case QK_SCALES_NIBBLES:
        d = QK_HALVES(0);
        minimum = _mm512_xor_ps(QK_HALVES(32), _mm512_set1_ps(-0.0f));
        nibbles = _mm512_cvtepu8_epi32(QK_BYTES(16 * run));
        *scale = _mm512_mul_ps(
            d, _mm512_cvtepi32_ps(_mm512_and_si512(nibbles, _mm512_set1_epi32(15))));
        *offset = _mm512_mul_ps(minimum, _mm512_cvtepi32_ps(_mm512_srli_epi32(nibbles, 4)));
        break;
    }
#undef QK_HALVES
#undef QK_BYTES
}

// MARK: one run of columns

// Runs of the activations of one row, and how many runs away the next row is.
typedef struct qk_rows {
    const qk_run *runs;
    size_t stride;
} qk_rows;

QK_INLINE qk_rows qk_rows_from(const qk_activations *a, size_t row) {
    size_t stride = a->padded / 32;
    return (qk_rows){(const qk_run *)(const void *)a->values + row * stride, stride};
}

// Row r at run `run`. Three rows share a base, so that addresses fit in registers.
QK_INLINE const qk_run *qk_run_at(qk_rows a, size_t run, int r) {
    return a.runs + (size_t)(r / 3 * 3) * a.stride + run + (size_t)(r % 3) * a.stride;
}

QK_INLINE __m512i qk_four(const int8_t *values) {
    int32_t four;
    memcpy(&four, values, sizeof four);
    return _mm512_set1_epi32(four);
}

// What the products need to know of a format, in the kernels for many rows.
typedef struct qk_shape {
    bool halves;
    bool offset;
    __m512i shift;
} qk_shape;

// acc[r] += the products of a run's groups with the run of rows 0 ..< R; half: -1 for all of the
// run, 0 or 1 for 16 columns of it. A row at a time: the core overlaps them by itself, and the
// groups and all of acc stay in registers.
QK_INLINE void qk_add_run(qk_rows a, size_t run, const int half, qk_shape shape, const __m512i *w,
                          __m512 scale, __m512 offset, const int R, __m512 *acc) {
    const int first = half == 1 ? 4 : 0, last = half == 0 ? 4 : 8;
#pragma clang loop unroll(full)
    for (int r = 0; r < R; r++) {
        const qk_run *x = qk_run_at(a, run, r);
        __m512i sum = _mm512_setzero_si512();
        if (!shape.offset) {
            int32_t count = half < 0 ? x->count : x->half_counts[half];
            sum = _mm512_sllv_epi32(_mm512_set1_epi32(count), shape.shift);
        }
#pragma clang loop unroll(full)
        for (int k = first; k < last; k++) {
            sum = _mm512_dpbusd_epi32(sum, w[k], qk_four(x->values + 4 * k));
        }
        __m512 s = _mm512_mul_ps(scale, _mm512_set1_ps(x->scale));
        acc[r] = _mm512_fmadd_ps(_mm512_cvtepi32_ps(sum), s, acc[r]);
        if (shape.offset) {
            __m512 total = _mm512_set1_ps(half < 0 ? x->sum : x->half_sums[half]);
            acc[r] = _mm512_fmadd_ps(offset, total, acc[r]);
        }
    }
}

// The same with a whole run: scale and offset have two entries where the format's own runs are
// halves of it.
QK_INLINE void qk_add_block(qk_rows a, size_t run, qk_shape shape, const __m512i *w,
                            const __m512 *scale, const __m512 *offset, const int R, __m512 *acc) {
    if (shape.halves) {
        qk_add_run(a, run, 0, shape, w, scale[0], offset[0], R, acc);
        qk_add_run(a, run, 1, shape, w, scale[1], offset[1], R, acc);
    } else {
        qk_add_run(a, run, -1, shape, w, scale[0], offset[0], R, acc);
    }
}

// The refined runs among 32 from `first`, of any of the rows. To the others they add zeros.
QK_INLINE uint32_t qk_refined_runs(const qk_activations *a, size_t row, size_t rows,
                                   size_t first) {
    uint32_t any = 0;
    if (a->refined_rows > 0) {
        for (size_t r = 0; r < rows; r++) {
            any |= a->refined[(row + r) * qk_refined_words(a->padded) + first / 32];
        }
    }
    return any;
}

// MARK: few rows

QK_INLINE __mmask16 qk_outputs(const qk_panel_product *p, size_t panel) {
    size_t rest = p->outputs - panel * 16;
    return rest >= 16 ? 0xFFFF : (__mmask16)((1u << rest) - 1);
}

// How far ahead of their use lines are asked for: what two cores read fastest (two threads,
// GB/s: 52 and 57 instead of 49 and 41 with 8,192 bytes to the first level for all formats).
enum { QK_AHEAD = 4096, QK_AHEAD_WIDE = 8192 };

enum { QK_PANEL_BLOCKS = 32 };  // the runs between refinements; unpacked together for many rows

// The lines of a run's share of a unit that comes later; wide units only to the second level.
QK_INLINE void qk_ask_for(qk_panel_kind kind, const uint8_t *panel, size_t block) {
    size_t share = qk_unit_bytes(kind) / (qk_unit_columns(kind) / 32);
#pragma clang loop unroll(full)
    for (size_t i = 0; i < share; i += 64) {
        if (qk_is_wide(kind)) {
            __builtin_prefetch(panel + block * share + i + QK_AHEAD_WIDE, 0, 2);
        } else {
            __builtin_prefetch(panel + block * share + i + QK_AHEAD, 0, 3);
        }
    }
}

// acc[r] += run `block` of a panel with that of rows 0 ..< R.
QK_INLINE void qk_add_packed(qk_panel_kind kind, const uint8_t *panel, size_t block, qk_rows a,
                             qk_shape shape, const int R, __m512 *acc) {
    size_t runs = qk_unit_columns(kind) / 32, b = block % runs;
    const uint8_t *unit = panel + block / runs * qk_unit_bytes(kind);
    __m512i w[8];
    qk_groups(kind, unit, b, w);
    __m512 scale[2], offset[2] = {_mm512_setzero_ps(), _mm512_setzero_ps()};
    qk_run_scales(kind, unit, kind.halves ? 2 * b : b, &scale[0], &offset[0]);
    if (kind.halves) {
        qk_run_scales(kind, unit, 2 * b + 1, &scale[1], &offset[1]);
    }
    qk_add_block(a, block, shape, w, scale, offset, R, acc);
}

// R rows with one panel, unpacked in registers.
QK_INLINE void qk_few(qk_panel_kind kind, const qk_panel_product *p, size_t panel, const int R) {
    qk_rows a = qk_rows_from(&p->activations, 0);
    qk_rows second = qk_rows_from(&p->activations, p->activations.refined_rows);
    const uint8_t *panel_start = p->panels + panel * p->panel_bytes;
    qk_shape shape = {kind.halves, qk_has_offset(kind),
                      _mm512_set1_epi32(qk_has_offset(kind) ? 0 : kind.shift)};
    __m512 acc[QK_PANEL_FEW];
#pragma clang loop unroll(full)
    for (int r = 0; r < R; r++) {
        acc[r] = _mm512_setzero_ps();
    }
    size_t blocks = (p->columns + 31) / 32;
    for (size_t first = 0; first < blocks; first += QK_PANEL_BLOCKS) {
        size_t end = blocks - first < QK_PANEL_BLOCKS ? blocks : first + QK_PANEL_BLOCKS;
#pragma clang loop unroll(disable)
        for (size_t block = first; block < end; block++) {
            // A run's share of the lines to come: more at once than the core can have under way
            // would be dropped.
            qk_ask_for(kind, panel_start, block);
            qk_add_packed(kind, panel_start, block, a, shape, R, acc);
        }
        uint32_t refined = qk_refined_runs(&p->activations, 0, (size_t)R, first);
        for (; __builtin_expect(refined != 0, 0); refined &= refined - 1) {
            size_t block = first + (size_t)__builtin_ctz(refined);
            qk_add_packed(kind, panel_start, block, second, shape, R, acc);
        }
    }
    __mmask16 mask = qk_outputs(p, panel);
#pragma clang loop unroll(full)
    for (int r = 0; r < R; r++) {
        _mm512_mask_storeu_ps(p->out + (size_t)r * p->out_stride + panel * 16, mask, acc[r]);
    }
}

// MARK: many rows

enum {
    QK_PANEL_MOST = 12,    // rows whose sums stay in registers
    QK_BLOCK_BYTES = 512 + 4 * 64,  // groups, scales and offsets of an unpacked run
};

// Runs first ..< first + blocks of a panel, unpacked: eight groups, then the scales and offsets.
QK_INLINE void qk_unpack(qk_panel_kind kind, const uint8_t *panel, size_t first, size_t blocks,
                         uint8_t *out) {
    size_t runs = qk_unit_columns(kind) / 32;
    const uint8_t *unit = panel + first / runs * qk_unit_bytes(kind);
    for (size_t block = 0; block < blocks; block++, out += QK_BLOCK_BYTES) {
        size_t b = block % runs;
        __m512i w[8];
        qk_groups(kind, unit, b, w);
#pragma clang loop unroll(full)
        for (int k = 0; k < 8; k++) {
            _mm512_store_si512(out + 64 * k, w[k]);
        }
        for (size_t h = 0; h < (kind.halves ? 2 : 1); h++) {
            __m512 scale, offset = _mm512_setzero_ps();
            qk_run_scales(kind, unit, kind.halves ? 2 * b + h : b, &scale, &offset);
            _mm512_store_ps(out + 512 + 64 * h, scale);
            _mm512_store_ps(out + 640 + 64 * h, offset);
        }
        if (b + 1 == runs) {
            unit += qk_unit_bytes(kind);
        }
    }
}

QK_INLINE void qk_add_unpacked(qk_rows a, size_t run, qk_shape shape, const uint8_t *w,
                               const int R, __m512 *acc) {
    __m512 scale[2] = {_mm512_load_ps(w + 512), _mm512_load_ps(w + 576)};
    __m512 offset[2] = {_mm512_load_ps(w + 640), _mm512_load_ps(w + 704)};
    qk_add_block(a, run, shape, (const __m512i *)w, scale, offset, R, acc);
}

// What a tile of a group of panels is made of.
typedef struct qk_tile_work {
    const uint8_t *w;      // the unpacked runs of a panel
    size_t first, blocks;  // which runs of the matrix they are
    size_t rows;
    qk_rows a, second;
    const uint32_t *refined;  // of the first row: a bit for each of the runs
    size_t refined_stride;
    float *out;
    size_t stride;
    __mmask16 mask;
    const uint8_t *next;   // what is unpacked later: asked for meanwhile, `ahead` bytes a run
    size_t ahead;
} qk_tile_work;

// R rows with one panel's unpacked runs.
QK_INLINE void qk_tile_of(const qk_tile_work *t, qk_shape shape, const int R) {
    __m512 acc[QK_PANEL_MOST];
#pragma clang loop unroll(full)
    for (int r = 0; r < R; r++) {
        acc[r] = t->first == 0 ? _mm512_setzero_ps()
                               : _mm512_maskz_loadu_ps(t->mask, t->out + (size_t)r * t->stride);
    }
    const uint8_t *w = t->w;
#pragma clang loop unroll(disable)
    for (size_t block = 0; block < t->blocks; block++, w += QK_BLOCK_BYTES) {
        for (size_t i = 0; i < t->ahead; i += 64) {
            __builtin_prefetch(t->next + block * t->ahead + i, 0, 2);
        }
        qk_add_unpacked(t->a, t->first + block, shape, w, R, acc);
    }
#pragma clang loop unroll(full)
    for (int r = 0; r < R; r++) {
        _mm512_mask_storeu_ps(t->out + (size_t)r * t->stride, t->mask, acc[r]);
    }
}

// Adds the refined runs, a row at a time: each row has others, and few.
QK_INLINE void qk_refine_tile(const qk_tile_work *t, qk_shape shape) {
    for (size_t r = 0; r < t->rows; r++) {
        uint32_t refined = t->refined[r * t->refined_stride];
        float *out = t->out + r * t->stride;
        qk_rows row = {t->second.runs + r * t->second.stride + t->first, 0};
        __m512 acc = _mm512_maskz_loadu_ps(t->mask, out);
        for (; refined != 0; refined &= refined - 1) {
            size_t block = (size_t)__builtin_ctz(refined);
            qk_add_unpacked(row, block, shape, t->w + block * QK_BLOCK_BYTES, 1, &acc);
        }
        _mm512_mask_storeu_ps(out, t->mask, acc);
    }
}

typedef void qk_tile_kernel(const qk_tile_work *t, int shift);

#define QK_TILE_KERNEL(R, name, halves, offset)                                                   \
    static void qk_##name##_##R(const qk_tile_work *t, int shift) {                               \
        qk_tile_of(t, (qk_shape){halves, offset, _mm512_set1_epi32(shift)}, R);                   \
    }
#define QK_TILE_KERNELS(R)                                                                        \
    QK_TILE_KERNEL(R, plain, false, false)                                                        \
    QK_TILE_KERNEL(R, offset, false, true)                                                        \
    QK_TILE_KERNEL(R, half, true, false)                                                          \
    QK_TILE_KERNEL(R, half_offset, true, true)
#define QK_REFINE_KERNEL(name, halves, offset)                                                    \
    static void qk_refine_##name(const qk_tile_work *t, int shift) {                              \
        qk_refine_tile(t, (qk_shape){halves, offset, _mm512_set1_epi32(shift)});                  \
    }
QK_REFINE_KERNEL(plain, false, false)
QK_REFINE_KERNEL(offset, false, true)
QK_REFINE_KERNEL(half, true, false)
QK_REFINE_KERNEL(half_offset, true, true)
#undef QK_REFINE_KERNEL
// More than QK_PANEL_FEW rows divide into tiles of these.
QK_TILE_KERNELS(6)
QK_TILE_KERNELS(7)
QK_TILE_KERNELS(8)
QK_TILE_KERNELS(9)
QK_TILE_KERNELS(10)
QK_TILE_KERNELS(11)
QK_TILE_KERNELS(12)
#undef QK_TILE_KERNELS
#undef QK_TILE_KERNEL

#define QK_TILES(name)                                                                            \
    {qk_##name##_6,  qk_##name##_7,  qk_##name##_8, qk_##name##_9,                                \
     qk_##name##_10, qk_##name##_11, qk_##name##_12, qk_refine_##name}
static qk_tile_kernel *const qk_tiles[4][8] = {QK_TILES(plain), QK_TILES(offset), QK_TILES(half),
                                               QK_TILES(half_offset)};
#undef QK_TILES

typedef void qk_unpacker(const uint8_t *panel, size_t first, size_t blocks, uint8_t *out);

// All rows with a group of panels: unpacked by and by, each part used for all rows.
static void qk_many(const qk_panel_product *p, size_t panel, size_t count, qk_panel_kind kind,
                    qk_unpacker *unpack) {
    size_t blocks = (p->columns + 31) / 32, tiles = (p->rows + QK_PANEL_MOST - 1) / QK_PANEL_MOST;
    const qk_activations *a = &p->activations;
    size_t size = QK_PANEL_BLOCKS * QK_BLOCK_BYTES;
    size_t share = qk_unit_bytes(kind) / (qk_unit_columns(kind) / 32);
    qk_tile_kernel *const *kernels =
        qk_tiles[(kind.halves ? 2 : 0) + (qk_has_offset(kind) ? 1 : 0)];
    for (size_t first = 0; first < blocks; first += QK_PANEL_BLOCKS) {
        qk_tile_work t = {.first = first, .stride = p->out_stride};
        t.refined_stride = qk_refined_words(a->padded);
        t.blocks = blocks - first < QK_PANEL_BLOCKS ? blocks - first : QK_PANEL_BLOCKS;
        for (size_t i = 0; i < count; i++) {
            const uint8_t *packed = p->panels + (panel + i) * p->panel_bytes;
            unpack(packed, first, t.blocks, p->scratch + i * size);
        }
        // While the first tile is computed, the next part of the panels comes, or the next panels.
        bool last = first + QK_PANEL_BLOCKS >= blocks;
        size_t step = last ? count * p->panel_bytes : (first + QK_PANEL_BLOCKS) * share;
        for (size_t tile = 0; tile < tiles; tile++) {
            t.ahead = tile == 0 ? share : 0;
            size_t row = p->rows * tile / tiles;
            t.rows = p->rows * (tile + 1) / tiles - row;
            t.a = qk_rows_from(a, row);
            t.second = qk_rows_from(a, row + a->refined_rows);
            t.refined = a->refined + row * t.refined_stride + first / 32;
            bool refined = qk_refined_runs(a, row, t.rows, first) != 0;
            for (size_t i = 0; i < count; i++) {
                t.w = p->scratch + i * size;
                t.out = p->out + row * p->out_stride + (panel + i) * 16;
                t.mask = qk_outputs(p, panel + i);
                t.next = p->panels + (panel + i) * p->panel_bytes + step;
                kernels[t.rows - 6](&t, kind.shift);
                if (refined) {
                    kernels[7](&t, kind.shift);
                }
            }
        }
    }
}

QK_INLINE void qk_multiply_panels(qk_panel_kind kind, const qk_panel_product *p,
                                  qk_unpacker *unpack) {
    size_t end = p->first_panel + p->panel_count;
    if (p->rows > QK_PANEL_FEW) {
        for (size_t panel = p->first_panel; panel < end; panel += QK_PANEL_GROUP) {
            size_t count = end - panel < QK_PANEL_GROUP ? end - panel : QK_PANEL_GROUP;
            qk_many(p, panel, count, kind, unpack);
        }
        return;
    }
    for (size_t panel = p->first_panel; panel < end; panel++) {
        switch (p->rows) {
        case 1: qk_few(kind, p, panel, 1); break;
        case 2: qk_few(kind, p, panel, 2); break;
        case 3: qk_few(kind, p, panel, 3); break;
        case 4: qk_few(kind, p, panel, 4); break;
        case 5: qk_few(kind, p, panel, 5); break;
        case 6: qk_few(kind, p, panel, 6); break;
        case 7: qk_few(kind, p, panel, 7); break;
        default: qk_few(kind, p, panel, 8); break;
        }
    }
}
