// The walk of a product of panels with rows of activations, in tiles of rows, of which a run of a
// panel is unpacked once. After panels/layout.h; the level defines what adds a part, which see.
//
// An element's sum over a run of columns is an integer; runs are added as floats in the order of
// their columns, the offset's part of a run after the run. What the refined ones of a part's runs
// add is a sum of its own, added after them. The order is the same for all tiles, so an element's
// bits depend on its weights and activations only, and are the same at all levels.

// Runs of the activations of one row, and how many runs away the next row is.
typedef struct qk_rows {
    const qk_run *runs;
    size_t stride;
} qk_rows;

QK_INLINE qk_rows qk_rows_from(const qk_activations *a, size_t row) {
    return (qk_rows){a->first + row * a->pitch, a->pitch};
}

// Row r at run `run`. Three rows share a base, so that addresses fit in registers.
QK_INLINE const qk_run *qk_run_at(qk_rows a, size_t run, int r) {
    return a.runs + (size_t)(r / 3 * 3) * a.stride + run + (size_t)(r % 3) * a.stride;
}

enum { QK_PART_RUNS = 32 };  // what refined runs add is added after so many

// Where the lines to prefetch are.
typedef struct qk_prefetch_place {
    size_t ahead;  // bytes
    bool near;     // to the first level, otherwise to the second
} qk_prefetch_place;

// `further`: how far the panels to come are; zero: every panel is read once. Then by what was
// measured (GB/s of one thread with one row; of eight rows where said). A little ahead and to the
// first level, in their order, the core's own prefetching follows: Q5_0 31, far ahead to the second
// level 23; Q4_K 22 to 26 either way. More rows take too long for that: Q5_0 with eight rows 9, and
// 14 far ahead. Lines of eight bits are soon used up: 31 with 3,072 bytes to the second level, 20
// with 8,192.
QK_INLINE qk_prefetch_place qk_prefetch_for(qk_kind kind, int rows, size_t further) {
    if (further != 0) {
        return (qk_prefetch_place){further, false};
    }
    if (kind.bits == 8 && rows <= 2) {
        return (qk_prefetch_place){3072, false};
    }
    bool near = rows <= (qk_is_wide(kind) ? 1 : 3);
    return (qk_prefetch_place){near ? 384 : 8192, near};
}

// Prefetches what lies so far behind a run's share of its unit, as many bytes.
QK_INLINE void qk_prefetch_run(qk_kind kind, const uint8_t *panel, size_t run,
                               qk_prefetch_place where) {
    size_t share = qk_unit_bytes(kind) / (qk_unit_columns(kind) / 32);
    const uint8_t *lines = panel + where.ahead + run * share;
#pragma clang loop unroll(full)
    for (size_t i = 0; i < share; i += 64) {
        if (where.near) {
            __builtin_prefetch(lines + i, 0, 3);
        } else {
            __builtin_prefetch(lines + i, 0, 2);
        }
    }
}

// Some rows and some runs, with one panel after another.
typedef struct qk_part {
    const uint8_t *panel;
    size_t first, runs;
    qk_rows a, second;
    float *out;        // of the first row and the panel's first output
    size_t stride;
    size_t outputs;    // that there are: up to 16
    int rows;
    size_t tile, tiles;  // each tile prefetches its share of the panels to come
    size_t further;    // how many bytes further they are; zero: every panel is read once
    bool refines;      // any of the rows refines any of the runs
    uint16_t refined[QK_PART_RUNS];  // which rows refine a run
    float *refinements;  // [row][16]: what the refined runs add
} qk_part;

// Finds the refined runs of `rows` rows from `row` on.
static void qk_find_refined(qk_part *t, const qk_activations *a, size_t row, size_t rows) {
    t->refines = false;
    if (a->refined_rows == 0) {
        return;
    }
    memset(t->refined, 0, sizeof t->refined);
    size_t words = qk_refined_words(a->runs);
    const uint32_t *word = a->refined + row * words + t->first / 32;
    for (size_t r = 0; r < rows; r++, word += words) {
        for (uint32_t bits = *word; bits != 0; bits &= bits - 1) {
            t->refined[__builtin_ctz(bits)] |= (uint16_t)(1u << r);
            t->refines = true;
        }
    }
}

// Adds a part to the outputs, or begins them with the first one.
typedef void qk_part_kernel(const qk_part *t);

// All rows with some panels that are used together.
static void qk_rows_with(const qk_panel_product *p, size_t panel, size_t count,
                         qk_part_kernel *add) {
    const qk_activations *a = &p->activations;
    size_t runs = (p->columns + 31) / 32, tiles = (p->rows + QK_TILE_ROWS - 1) / QK_TILE_ROWS;
    _Alignas(64) float refinements[QK_TILE_ROWS * 16];
    qk_part t = {.stride = p->out_stride, .refinements = refinements, .tiles = tiles};
    t.further = tiles > 1 ? count * p->panel_bytes : 0;
    for (t.tile = 0; t.tile < tiles; t.tile++) {
        size_t row = p->rows * t.tile / tiles;
        t.rows = (int)(p->rows * (t.tile + 1) / tiles - row);
        t.a = qk_rows_from(a, row);
        t.second = qk_rows_from(a, row + a->refined_rows);
        // No columns are a part without runs.
        for (t.first = 0; t.first < runs || t.first == 0; t.first += QK_PART_RUNS) {
            t.runs = runs - t.first < QK_PART_RUNS ? runs - t.first : QK_PART_RUNS;
            qk_find_refined(&t, a, row, (size_t)t.rows);
            for (size_t i = panel; i < panel + count; i++) {
                size_t rest = p->outputs - i * 16;
                t.panel = p->panels + i * p->panel_bytes;
                t.out = p->out + row * p->out_stride + i * 16;
                t.outputs = rest < 16 ? rest : 16;
                add(&t);
            }
        }
    }
}

static void qk_multiply_panels(const qk_panel_product *p, qk_part_kernel *add) {
    // A tile alone reads every panel once, from memory: best from its first byte to its last.
    bool alone = p->rows <= QK_TILE_ROWS && p->columns > 32 * QK_PART_RUNS;
    size_t most = alone ? 1 : QK_TILE_PANELS;
    size_t end = p->first_panel + p->panel_count;
    for (size_t panel = p->first_panel; panel < end; panel += most) {
        qk_rows_with(p, panel, end - panel < most ? end - panel : most, add);
    }
}
