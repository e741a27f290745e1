// The sums of float products: column i of an element goes to lane i mod 16, fused, and the lanes
// are added in one order. After vectors/*.h. The level defines QK_FLOAT_ROWS, and includes
// columns.h or a form of its own:
//   qk_add_columns(w, first, x, stride, n, R, acc)
//       acc[r][o] += n columns, a multiple of 16, for R (1...QK_FLOAT_ROWS) rows of x and the
//       QK_TILE weight rows in w, from column `first` on

enum { QK_TILE = 4, QK_VECTORS = 16 / LANES };  // weight rows at a time; vectors of a sum

// Part p has the lanes from p * LANES on.
typedef struct qk_float_acc {
    vf part[QK_VECTORS];
} qk_float_acc;

// l + (l + 8), then l + (l + 4), and so on.
QK_INLINE float qk_float_sum(qk_float_acc acc) {
    for (size_t n = QK_VECTORS / 2; n > 0; n /= 2) {
        for (size_t i = 0; i < n; i++) {
            acc.part[i] = v_add(acc.part[i], acc.part[i + n]);
        }
    }
    return v_sum(acc.part[0]);
}
