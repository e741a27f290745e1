// What the files of AVX2 share: everything but the product of bytes. See panels/scalar.c.
#define QK_HALF(bits) _cvtsh_ss(bits)
#include "formats/all.h"
#include "panels/layout.h"
#include "panels/pack.h"
#include "panels/rows.h"
#include "panels/unpack_avx2.h"
#include "panels/run_avx2.h"
#include "panels/part.h"
#include "panels/formats.h"
