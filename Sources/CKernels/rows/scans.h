// Scans of a row of logits, for choosing tokens: plain loops that a compiler turns into the
// registers of the level that includes them. Only exact operations in one order: the same bits at
// every level.
#include <math.h>
#include <string.h>

#include "CKernels.h"
#include "elementary/exp.h"

// Sums go over eight lanes, element i to lane i mod 8, and the lanes are added at the end.
enum { SCAN_LANES = 8, SCAN_BLOCK = 256 };

static inline double scan_total(const double sums[SCAN_LANES]) {
    double even = (sums[0] + sums[4]) + (sums[2] + sums[6]);
    return even + ((sums[1] + sums[5]) + (sums[3] + sums[7]));
}

// Floats in their order as integers; NaN of either sign has a magnitude above infinity's.
static float scan_peak(const float *x, size_t n, size_t *index) {
    int32_t most = INT32_MIN, magnitude = 0;
    for (size_t i = 0; i < n; i++) {
        int32_t bits;
        memcpy(&bits, x + i, sizeof bits);
        int32_t ordered = bits ^ ((bits >> 31) & INT32_MAX);
        most = ordered > most ? ordered : most;
        magnitude = (bits & INT32_MAX) > magnitude ? (bits & INT32_MAX) : magnitude;
    }
    *index = 0;
    if (magnitude > 0x7F800000) {
        return NAN;
    }
    if (n == 0) {
        return -INFINITY;
    }
    int32_t bits = most ^ ((most >> 31) & INT32_MAX);
    float largest;
    memcpy(&largest, &bits, sizeof largest);
    // Compared as floats: the two zeros are one.
    size_t i = 0;
    for (; i + 64 <= n; i += 64) {
        int found = 0;
        for (size_t j = 0; j < 64; j++) {
            found |= x[i + j] == largest;
        }
        if (found) {
            break;
        }
    }
    while (x[i] != largest) {
        i++;
    }
    *index = i;
    return largest;
}

// Whether a part has anything for a peak: most parts have not, which takes half as long to see.
static bool scan_is_news(const float *x, size_t n, const qk_peak *peak) {
    float most[QK_PEAK_LANES], zeros[QK_PEAK_LANES] = {0};
    for (size_t l = 0; l < QK_PEAK_LANES; l++) {
        most[l] = -INFINITY;
    }
    for (size_t i = 0; i + QK_PEAK_LANES <= n; i += QK_PEAK_LANES) {
        for (size_t l = 0; l < QK_PEAK_LANES; l++) {
            float a = x[i + l];
            most[l] = a > most[l] ? a : most[l];
            zeros[l] += a * 0.0f;
        }
    }
    int news = n % QK_PEAK_LANES != 0;
    for (size_t l = 0; l < QK_PEAK_LANES; l++) {
        news |= (most[l] >= peak->largest[l]) | (zeros[l] != 0);
    }
    return news != 0;
}

// One step of scan_peak_part: sixteen values, or the rest of a part.
#define SCAN_PEAK_STEP(count)                                \
    for (size_t l = 0; l < (count); l++) {                   \
        float a = x[i + l];                                  \
        int above = a > part.largest[l];                     \
        part.largest[l] = above ? a : part.largest[l];       \
        part.index[l] = above ? (int32_t)i : part.index[l];  \
        part.spoilt[l] |= a != a;                            \
    }

static void scan_peak_part(const float *x, size_t n, int32_t first, qk_peak *peak) {
    if (!scan_is_news(x, n, peak)) {
        return;
    }
    qk_peak part;
    for (size_t l = 0; l < QK_PEAK_LANES; l++) {
        part.largest[l] = -INFINITY;
        part.index[l] = INT32_MAX;
        part.spoilt[l] = 0;
    }
    size_t i = 0;
    for (; i + QK_PEAK_LANES <= n; i += QK_PEAK_LANES) {
        SCAN_PEAK_STEP(QK_PEAK_LANES)
    }
    SCAN_PEAK_STEP(n - i)
    for (size_t l = 0; l < QK_PEAK_LANES; l++) {
        int seen = part.index[l] != INT32_MAX;
        part.index[l] = seen ? part.index[l] + first + (int32_t)l : INT32_MAX;
    }
    qk_peak_add(&part, peak);
}

static double scan_weights(const float *x, size_t n, float largest, double scale, double floor,
                           double *out, size_t *count) {
    double sums[SCAN_LANES] = {0};
    int64_t counts[SCAN_LANES] = {0};
    size_t i = 0;
    for (; i + SCAN_LANES <= n; i += SCAN_LANES) {
        for (size_t j = 0; j < SCAN_LANES; j++) {
            double weight = qk_exp_small((double)(x[i + j] - largest) * scale);
            weight = weight >= floor ? weight : 0;
            out[i + j] = weight;
            sums[j] += weight;
            counts[j] += weight > 0;
        }
    }
    for (size_t j = 0; i + j < n; j++) {
        double weight = qk_exp_small((double)(x[i + j] - largest) * scale);
        weight = weight >= floor ? weight : 0;
        out[i + j] = weight;
        sums[j] += weight;
        counts[j] += weight > 0;
    }
    int64_t all = 0;
    for (size_t j = 0; j < SCAN_LANES; j++) {
        all += counts[j];
    }
    *count = (size_t)all;
    return scan_total(sums);
}

static double scan_sum(const double *x, size_t n) {
    double sums[SCAN_LANES] = {0};
    size_t i = 0;
    for (; i + SCAN_LANES <= n; i += SCAN_LANES) {
        for (size_t j = 0; j < SCAN_LANES; j++) {
            sums[j] += x[i + j];
        }
    }
    for (size_t j = 0; i + j < n; j++) {
        sums[j] += x[i + j];
    }
    return scan_total(sums);
}

static size_t scan_crossing(const double *weights, size_t n, double target) {
    double reached = 0;
    size_t last = n, start = 0;
    for (; start < n; start += SCAN_BLOCK) {
        size_t length = n - start < SCAN_BLOCK ? n - start : SCAN_BLOCK;
        double further = reached + scan_sum(weights + start, length);
        if (further > target) {
            break;
        }
        reached = further;
    }
    for (size_t i = start; i < n; i++) {
        reached += weights[i];
        if (weights[i] > 0) {
            last = i;
            if (reached > target) {
                return i;
            }
        }
    }
    // Rounding has left nobody beyond the point: the last one has it.
    for (size_t i = n; last == n && i > 0; i--) {
        last = weights[i - 1] > 0 ? i - 1 : n;
    }
    return last;
}

static size_t scan_keep(const double *weights, size_t n, double floor, uint32_t *tokens) {
    size_t kept = 0;
    for (size_t i = 0; i < n; i += 32) {
        size_t length = n - i < 32 ? n - i : 32;
        int found = length < 32;
        if (length == 32) {
            for (size_t j = 0; j < 32; j++) {
                found |= weights[i + j] >= floor;
            }
        }
        for (size_t j = 0; found && j < length; j++) {
            if (weights[i + j] > 0 && weights[i + j] >= floor) {
                tokens[kept++] = (uint32_t)(i + j);
            }
        }
    }
    return kept;
}

static double scan_exp_sum(const float *x, size_t n, float largest) {
    double sums[SCAN_LANES] = {0};
    size_t i = 0;
    for (; i + SCAN_LANES <= n; i += SCAN_LANES) {
        for (size_t j = 0; j < SCAN_LANES; j++) {
            sums[j] += qk_exp_small((double)x[i + j] - (double)largest);
        }
    }
    for (size_t j = 0; i + j < n; j++) {
        sums[j] += qk_exp_small((double)x[i + j] - (double)largest);
    }
    return scan_total(sums);
}

static size_t scan_count_above(const float *x, size_t n, float value) {
    int32_t count = 0;
    for (size_t i = 0; i < n; i++) {
        count += x[i] > value;
    }
    return (size_t)count;
}

static size_t scan_next_above(const float *x, size_t start, size_t n, float value) {
    size_t i = start;
    for (; i + 64 <= n; i += 64) {
        int found = 0;
        for (size_t j = 0; j < 64; j++) {
            found |= x[i + j] > value;
        }
        if (found) {
            break;
        }
    }
    while (i < n && !(x[i] > value)) {
        i++;
    }
    return i;
}

static void fill_scans(qk_table *table) {
    table->scan = (qk_scans){scan_peak,     scan_peak_part, scan_weights,     scan_crossing,
                             scan_keep,     scan_exp_sum,   scan_count_above, scan_next_above};
}
