// A run of a panel with rows of activations, with Advanced SIMD: four vectors of 4 outputs a row.
// The level may define QK_DOTPROD first: products of bytes added by fours in one instruction.

enum {
    QK_ROWS = 4,   // whose sums fit in registers beside a group
    QK_PARTS = 4,  // vectors of a group
};

// sum + the products of a part of a group with the four activations of lane `lane` of x.
#ifdef QK_DOTPROD
#define QK_DOT(sum, group, x, lane) vdotq_laneq_s32(sum, group, x, lane)
#else
QK_INLINE int32x4_t qk_dot(int32x4_t sum, int8x16_t group, int32_t four) {
    int8x8_t x = vreinterpret_s8_s32(vdup_n_s32(four));
    int16x8_t low = vmull_s8(vget_low_s8(group), x), high = vmull_s8(vget_high_s8(group), x);
    // Activations are never -128: pairs fit in 16 bits.
    return vpadalq_s16(sum, vpaddq_s16(low, high));
}
#define QK_DOT(sum, group, x, lane)                                                               \
    qk_dot(sum, group, vgetq_lane_s32(vreinterpretq_s32_s8(x), lane))
#endif

// sums = the groups first ..< first + 4 with R rows.
QK_INLINE void qk_add_groups(const qk_unpacked *w, qk_rows a, size_t first,
                             int32x4_t (*sums)[QK_PARTS], const int R) {
    int8x16_t x[QK_ROWS];
#pragma clang loop unroll(full)
    for (int r = 0; r < R; r++) {
        x[r] = vld1q_s8(qk_run_at(a, 0, r)->values + 4 * first);
    }
#define QK_GROUP(lane)                                                                            \
    _Pragma("clang loop unroll(full)") for (int i = 0; i < QK_PARTS; i++) {                       \
        int8x16_t group = vld1q_s8(w->groups + 64 * (first + lane) + 16 * i);                     \
        _Pragma("clang loop unroll(full)") for (int r = 0; r < R; r++) {                          \
            sums[r][i] = QK_DOT(sums[r][i], group, x[r], lane);                                   \
        }                                                                                         \
    }
    QK_GROUP(0) QK_GROUP(1) QK_GROUP(2) QK_GROUP(3)
#undef QK_GROUP
}

// acc[r] += a run of a panel with R rows.
QK_INLINE void qk_add_run(qk_kind kind, const qk_unpacked *w, qk_rows a, float (*acc)[16],
                          const int R) {
    int32x4_t sums[2][QK_ROWS][QK_PARTS];
    for (int half = 0; half < (kind.halves ? 2 : 1); half++) {
        for (int r = 0; r < R; r++) {
            for (int i = 0; i < QK_PARTS; i++) {
                sums[half][r][i] = vdupq_n_s32(0);
            }
        }
    }
    qk_add_groups(w, a, 0, sums[0], R);
    qk_add_groups(w, a, 4, sums[kind.halves], R);
#pragma clang loop unroll(full)
    for (int r = 0; r < R; r++) {
        const qk_run *x = qk_run_at(a, 0, r);
        float32x4_t by = vdupq_n_f32(x->scale);
#pragma clang loop unroll(full)
        for (int i = 0; i < QK_PARTS; i++) {
            size_t o = 4 * (size_t)i;
            float32x4_t total = vld1q_f32(acc[r] + o), sum = vcvtq_f32_s32(sums[0][r][i]);
            float32x4_t scale = vld1q_f32(w->scale[0] + o);
            if (kind.halves) {
                float32x4_t second = vcvtq_f32_s32(sums[1][r][i]);
                float32x4_t both = vfmaq_f32(vmulq_f32(sum, scale), second,
                                             vld1q_f32(w->scale[1] + o));
                total = vfmaq_f32(total, both, by);
            } else {
                total = vfmaq_f32(total, sum, vmulq_f32(scale, by));
            }
            for (size_t h = 0; qk_has_offset(kind) && h < (kind.halves ? 2 : 1); h++) {
                float values = kind.halves ? x->half_sums[h] : x->sum;
                total = vfmaq_f32(total, vld1q_f32(w->offset[h] + o), vdupq_n_f32(values));
            }
            vst1q_f32(acc[r] + o, total);
        }
    }
}
