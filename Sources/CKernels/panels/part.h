// Adding a part of a product at the levels that unpack a run to memory, with a level's QK_ROWS and
// qk_add_run.

// acc[r] += run `run` of a panel with `rows` rows, as many at once as fit in registers.
QK_INLINE void qk_add_rows(qk_kind kind, const qk_unpacked *w, qk_rows a, size_t run,
                           float (*acc)[16], int rows) {
    a.runs += run;
    int row = 0;
    for (; row + QK_ROWS <= rows; row += QK_ROWS, a.runs += QK_ROWS * a.stride) {
        qk_add_run(kind, w, a, acc + row, QK_ROWS);
    }
    switch (rows - row) {
    case 1: if (QK_ROWS > 1) qk_add_run(kind, w, a, acc + row, 1); break;
    case 2: if (QK_ROWS > 2) qk_add_run(kind, w, a, acc + row, 2); break;
    case 3: if (QK_ROWS > 3) qk_add_run(kind, w, a, acc + row, 3); break;
    case 4: if (QK_ROWS > 4) qk_add_run(kind, w, a, acc + row, 4); break;
    case 5: if (QK_ROWS > 5) qk_add_run(kind, w, a, acc + row, 5); break;
    }
}

QK_INLINE void qk_add_part(qk_kind kind, const qk_part *t) {
    _Alignas(64) float acc[QK_TILE_ROWS][16] = {{0}};
    size_t bytes = t->outputs * sizeof(float);
    for (int r = 0; r < t->rows && t->first > 0; r++) {
        memcpy(acc[r], t->out + (size_t)r * t->stride, bytes);
    }
    if (t->refines) {
        memset(t->refinements, 0, (size_t)t->rows * 64);
    }
    qk_prefetch_place where = qk_prefetch_for(kind, t->rows, t->further);
    size_t turn = t->tile;
#pragma clang loop unroll(disable)
    for (size_t run = 0; run < t->runs; run++) {
        if (run == turn) {
            qk_prefetch_run(kind, t->panel, t->first + run, where);
            turn += t->tiles;
        }
        qk_unpacked w;
        qk_unpack_run(kind, t->panel, t->first + run, &w);
        qk_add_rows(kind, &w, t->a, t->first + run, acc, t->rows);
        for (uint32_t rows = t->refines ? t->refined[run] : 0; rows != 0; rows &= rows - 1) {
            size_t r = (size_t)__builtin_ctz(rows);
            qk_rows second = {t->second.runs + r * t->second.stride + t->first + run, 0};
            qk_add_run(kind, &w, second, (float (*)[16])(void *)(t->refinements + 16 * r), 1);
        }
    }
    for (int r = 0; r < t->rows; r++) {
        for (size_t i = 0; i < 16 && t->refines; i++) {
            acc[r][i] += t->refinements[16 * r + (int)i];
        }
        memcpy(t->out + (size_t)r * t->stride, acc[r], bytes);
    }
}

#ifndef QK_ADD_PARTS
#define QK_ADD_PARTS(name)                                                                        \
    static void add_##name(const qk_part *t) { qk_add_part(kind_##name, t); }
#endif
