// Adding a part of a product with AVX2.

// acc[r] += a run of a panel with R rows, all outputs.
QK_INLINE void qk_add_rows(qk_panel_kind kind, const qk_unpacked *w, qk_rows a, size_t run,
                           float (*acc)[16], const int R) {
    a.runs += run;
#pragma clang loop unroll(disable)
    for (size_t output = 0; output < 16; output += 8) {
        // Otherwise the compiler broadcasts all activations first, to memory.
        __asm__ volatile("" : "+r"(a.runs));
        qk_add_run(kind, w, output, a, acc, R);
    }
}

// The same for a tile's rows, `each` at once and a last lot of the rest.
QK_INLINE void qk_add_tile(qk_panel_kind kind, const qk_unpacked *w, qk_rows a, size_t run,
                           float (*acc)[16], int rows, int each) {
    const int most = kind.halves ? QK_ROWS_OF_HALVES : QK_ROWS;
    for (int row = 0; row < rows; row += each, a.runs += (size_t)each * a.stride) {
        switch (rows - row < each ? rows - row : each) {
        case 1: qk_add_rows(kind, w, a, run, acc + row, 1); break;
        case 2: qk_add_rows(kind, w, a, run, acc + row, 2); break;
        case 3: qk_add_rows(kind, w, a, run, acc + row, 3); break;
        case 4: qk_add_rows(kind, w, a, run, acc + row, 4); break;
        case 5: qk_add_rows(kind, w, a, run, acc + row, most < 5 ? 1 : 5); break;
        case 6: qk_add_rows(kind, w, a, run, acc + row, most < 6 ? 1 : 6); break;
        }
    }
}

QK_INLINE void qk_add_part(qk_panel_kind kind, const qk_part *t) {
    _Alignas(64) float acc[QK_TILE_ROWS][16] = {{0}};
    size_t bytes = t->outputs * sizeof(float);
    for (int r = 0; r < t->rows && t->first > 0; r++) {
        memcpy(acc[r], t->out + (size_t)r * t->stride, bytes);
    }
    if (t->refines) {
        memset(t->refinements, 0, (size_t)t->rows * 64);
    }
    qk_prefetch where = t->further == 0 ? qk_prefetch_for(kind, t->rows)
                                        : (qk_prefetch){t->further, false};
    const int most = kind.halves ? QK_ROWS_OF_HALVES : QK_ROWS;
    int lots = (t->rows + most - 1) / most, each = (t->rows + lots - 1) / lots;
    size_t turn = t->tile;
#pragma clang loop unroll(disable)
    for (size_t run = 0; run < t->runs; run++) {
        if (run == turn) {
            qk_prefetch_run(kind, t->panel, t->first + run, where);
            turn += t->tiles;
        }
        qk_unpacked w;
        qk_unpack_run(kind, t->panel, t->first + run, &w);
        qk_add_tile(kind, &w, t->a, t->first + run, acc, t->rows, each);
        for (uint32_t rows = t->refines ? t->refined[run] : 0; rows != 0; rows &= rows - 1) {
            size_t r = (size_t)__builtin_ctz(rows);
            qk_rows second = {t->second.runs + r * t->second.stride, 0};
            float (*sums)[16] = (float (*)[16])(void *)(t->refinements + 16 * r);
            qk_add_rows(kind, &w, second, t->first + run, sums, 1);
        }
    }
    for (int r = 0; r < t->rows; r++) {
        for (size_t i = 0; i < 16 && t->refines; i++) {
            acc[r][i] += t->refinements[16 * r + (int)i];
        }
        memcpy(t->out + (size_t)r * t->stride, acc[r], bytes);
    }
}
