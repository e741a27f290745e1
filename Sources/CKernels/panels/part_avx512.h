// Adding a part of a product with AVX-512: a run is unpacked in registers for each tile, which is
// hidden behind the products of eight rows or more.

// Adds the refined rows of a run.
QK_INLINE void qk_refine(qk_kind kind, const qk_part *t, const qk_unpacked *w, size_t run) {
    const qk_run *x = t->second.runs + t->first + run;
    for (uint32_t rows = t->refined[run]; rows != 0; rows &= rows - 1) {
        size_t r = (size_t)__builtin_ctz(rows);
        float *sums = t->refinements + 16 * r;
        __m512 acc = qk_add_run(kind, _mm512_load_ps(sums), w, x + r * t->second.stride);
        _mm512_store_ps(sums, acc);
    }
}

// R rows with the part's runs of a panel.
QK_INLINE void qk_add_part(qk_kind kind, const qk_part *t, const int R) {
    __mmask16 mask = (__mmask16)((1u << t->outputs) - 1);
    __m512 acc[QK_TILE_ROWS];
#pragma clang loop unroll(full)
    for (int r = 0; r < R; r++) {
        acc[r] = t->first == 0 ? _mm512_setzero_ps()
                               : _mm512_maskz_loadu_ps(mask, t->out + (size_t)r * t->stride);
    }
    for (int r = 0; r < R && t->refines; r++) {
        _mm512_store_ps(t->refinements + 16 * r, _mm512_setzero_ps());
    }
    qk_prefetch_place where = qk_prefetch_for(kind, R, t->further);
    size_t turn = t->tile;
#pragma clang loop unroll(disable)
    for (size_t run = 0; run < t->runs; run++) {
        if (run == turn) {
            qk_prefetch_run(kind, t->panel, t->first + run, where);
            turn += t->tiles;
        }
        qk_unpacked w = qk_unpack_run(kind, t->panel, t->first + run);
        // A row at a time: the core overlaps them by itself, and the groups and all of acc stay
        // in registers.
#pragma clang loop unroll(full)
        for (int r = 0; r < R; r++) {
            acc[r] = qk_add_run(kind, acc[r], &w, qk_run_at(t->a, t->first + run, r));
            // Otherwise the compiler ends all sums after the branch, and runs out of registers.
            __asm__("" : "+v"(acc[r]));
        }
        if (t->refines) {
            qk_refine(kind, t, &w, run);
        }
    }
#pragma clang loop unroll(full)
    for (int r = 0; r < R; r++) {
        if (t->refines) {
            acc[r] = _mm512_add_ps(acc[r], _mm512_load_ps(t->refinements + 16 * r));
        }
        _mm512_mask_storeu_ps(t->out + (size_t)r * t->stride, mask, acc[r]);
    }
}
