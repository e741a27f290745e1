// The formats: the only place in C that names one. See README.md for how to add one.
//
// QK_EACH_FORMAT(F) is an F(...) for each format whose weights are integers, of
//
//   name    in the code: qk_integers_<name> and qk_raw_<name> read its blocks (blocks.h,
//           superblocks.h)
//   id      in files: GGUF's, below QK_FORMATS
//   bytes   of 256 weights in a file, also where its blocks have 32
//   halves  whether a scale is that of 16 columns, not of 32
//   bits    of an integer as it is stored
//   shift   a weight is scale * (u - (1 << shift)); below zero: scale * u + offset
//   scales  how a block keeps its scales, see kind.h
//   table   u is an index of this table of 16, of at most 4 bits, and a weight is
//           scale * table[u]; NULL: no table. With one, the shift says how large its values are:
//           4 for -16 to 15, 7 for any byte
#define QK_EACH_FORMAT(F)                                                                         \
    F(q4_0, 2, 144, false, 4, 3, HALF, NULL)                                                      \
    F(q4_1, 3, 160, false, 4, -1, PAIR, NULL)                                                     \
    F(q5_0, 6, 176, false, 5, 4, HALF, NULL)                                                      \
    F(q5_1, 7, 192, false, 5, -1, PAIR, NULL)                                                     \
    F(q8_0, 8, 272, false, 8, 7, HALF, NULL)                                                      \
    F(q2_K, 10, 84, true, 2, -1, NIBBLES, NULL)                                                   \
    F(q3_K, 11, 110, true, 3, 2, SIGNED, NULL)                                                    \
    F(q4_K, 12, 144, false, 4, -1, UNSIGNED, NULL)                                                \
    F(q5_K, 13, 176, false, 5, -1, UNSIGNED, NULL)                                                \
    F(q6_K, 14, 210, true, 6, 5, SIGNED, NULL)                                                    \
    F(iq4_nl, 20, 144, false, 4, 7, HALF, qk_iq4_values)                                          \
    F(iq4_xs, 23, 136, false, 4, 7, SIGNED, qk_iq4_values)                                        \
    F(mxfp4, 39, 136, false, 4, 4, POWER, qk_e2m1_values)

// F(name, id, bytes of a weight) for those whose weights are floats.
#define QK_EACH_FLOAT_FORMAT(F) F(f32, 0, 4) F(f16, 1, 2) F(bf16, 30, 2)
