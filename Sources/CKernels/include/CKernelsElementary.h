// Elementary functions in plain arithmetic: no call of a mathematics library, whose last bits
// differ from one library, version and processor to another.
//
// Included by CKernels.h. Sums, products and quotients of doubles that are never fused, integers,
// and nothing else: the same bits on every machine. Errors are in units in the last place, against
// exact values.
#ifndef CKERNELS_ELEMENTARY_H
#define CKERNELS_ELEMENTARY_H

#include <stddef.h>

#pragma clang assume_nonnull begin

// e to the power x within 1.1; 0 below -708, where the result leaves the normal numbers, and
// infinity from 709 on.
double qk_exp(double x);

// The natural logarithm within 1; -infinity of 0, NaN below.
double qk_log(double x);

// x to the power y, for x > 0, within 1 while |y| < 1000; NaN for other x. 0 and infinity where
// qk_exp has them.
double qk_power(double x, double y);

// Both within 1, for angles of any size; NaN for those that are not finite.
void qk_sine_cosine(double angle, double *sine, double *cosine);

// The row of a table of rotations: the cosines and sines of position * frequencies[i], times
// magnitude, rounded to float at the end.
void qk_rotations(double position, const double *frequencies, size_t n, double magnitude,
                  float *cosines, float *sines);

#pragma clang assume_nonnull end
#endif
