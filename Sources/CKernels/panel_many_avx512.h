// Products of many rows of activations: panels are unpacked to scratch, and used in tiles of rows.

enum {
    QK_PANEL_MOST = 12,             // rows whose sums stay in registers
    QK_PANEL_LEAST = 6,             // rows of the smallest tile that more than QK_PANEL_FEW give
    QK_REFINES = QK_PANEL_MOST - QK_PANEL_LEAST + 1,  // where qk_tiles has the refinement
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
static qk_tile_kernel *const qk_tiles[4][QK_REFINES + 1] = {
    QK_TILES(plain), QK_TILES(offset), QK_TILES(half), QK_TILES(half_offset)};
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
                kernels[t.rows - QK_PANEL_LEAST](&t, kind.shift);
                if (refined) {
                    kernels[QK_REFINES](&t, kind.shift);
                }
            }
        }
    }
}
