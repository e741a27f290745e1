// Products of up to QK_PANEL_FEW rows of activations: panels are unpacked in registers.

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
