// The formats whose weights are integers. QK_EACH_FORMAT(F) is an F(...) for each, of
//
//   name, NAME  in the code, and in the macro that names a level's own decoder
//   id          in files
//   bytes       of 256 weights in a file
//   halves      whether a scale is that of 16 columns, not of 32
//   bias        of the integers that the file's decoder gives; 0 with an offset
//
// and of what their panels are, see panels/kind.h:
//
//   bits, shift, scales
//   decoder     fast: as a level's products have it, or indices: of the table, undecoded
//   table       of the values that indices stand for, or NULL
#define QK_EACH_FORMAT(F)                                                                         \
    F(q4_0, Q4_0, 2, 144, false, 8, 4, 3, HALF, fast, NULL)                                       \
    F(q4_1, Q4_1, 3, 160, false, 0, 4, -1, PAIR, fast, NULL)                                      \
    F(q5_0, Q5_0, 6, 176, false, 16, 5, 4, HALF, fast, NULL)                                      \
    F(q5_1, Q5_1, 7, 192, false, 0, 5, -1, PAIR, fast, NULL)                                      \
    F(q8_0, Q8_0, 8, 272, false, 128, 8, 7, HALF, fast, NULL)                                     \
    F(q2_K, Q2_K, 10, 84, true, 0, 2, -1, NIBBLES, fast, NULL)                                    \
    F(q3_K, Q3_K, 11, 110, true, 4, 3, 2, SIGNED, fast, NULL)                                     \
    F(q4_K, Q4_K, 12, 144, false, 0, 4, -1, UNSIGNED, fast, NULL)                                 \
    F(q5_K, Q5_K, 13, 176, false, 0, 5, -1, UNSIGNED, fast, NULL)                                 \
    F(q6_K, Q6_K, 14, 210, true, 32, 6, 5, SIGNED, fast, NULL)                                    \
    F(iq4_nl, IQ4_NL, 20, 144, false, 128, 4, 7, HALF, indices, qk_iq4_values)                    \
    F(iq4_xs, IQ4_XS, 23, 136, false, 128, 4, 7, SIGNED, indices, qk_iq4_values)                  \
    F(mxfp4, MXFP4, 39, 136, false, 12, 4, 7, POWER, indices, qk_e2m1_values)
