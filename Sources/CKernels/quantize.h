// Activations as bytes, the same bits at every level: only exact operations, and divisions and
// roundings in one order.

static void qk_quantize(const float *x, size_t columns, const qk_activations *out, size_t row) {
    size_t base = row * out->padded;
    for (size_t start = 0; start < out->padded; start += 32) {
        _Alignas(64) float values[32];
        for (size_t i = 0; i < 32; i++) {
            values[i] = start + i < columns ? x[start + i] : 0.0f;
        }
        // As bits, magnitudes compare like the floats, and NaN is above infinity.
        uint32_t bits_of_largest = 0;
        for (size_t i = 0; i < 32; i++) {
            uint32_t bits;
            memcpy(&bits, &values[i], sizeof bits);
            bits &= 0x7FFFFFFF;
            bits_of_largest = bits > bits_of_largest ? bits : bits_of_largest;
        }
        float largest = qk_float(bits_of_largest);
        // A largest value so small that its inverse overflows counts as zero. One that is not
        // finite gives a scale that is not, so that the products are NaN and nothing is hidden.
        float inverse = largest > 0x1p-120f ? 127.0f / largest : 0.0f;
        float scale = largest > 0x1p-120f || largest != largest ? largest / 127.0f : 0.0f;
        int8_t *bytes = out->values + base + start;
        int32_t sums[2] = {0, 0};
        for (size_t i = 0; i < 32; i++) {
            // Adding 1.5 * 2^23 rounds to an integer, ties to even, without a library call.
            float shifted = values[i] * inverse + 0x1.8p23f;
            int32_t bits;
            memcpy(&bits, &shifted, sizeof bits);
            bytes[i] = (int8_t)bits;
            sums[i / 16] += (int8_t)bits;
        }
        size_t block = (base + start) / 32;
        out->scales[block] = scale;
        out->sums[block] = scale * (float)(sums[0] + sums[1]);
        out->half_sums[2 * block] = scale * (float)sums[0];
        out->half_sums[2 * block + 1] = scale * (float)sums[1];
    }
}
