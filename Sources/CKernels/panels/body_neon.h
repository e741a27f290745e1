// What the files of NEON share: everything but the product of bytes. See panels/scalar.c.
#define QK_HALF(bits) ((float)((union { uint16_t u; __fp16 f; }){bits}.f))
#include "formats/all.h"
#include "panels/layout.h"
#include "panels/pack.h"
#include "panels/rows.h"
#include "panels/unpack.h"
#include "panels/run_neon.h"
#include "panels/part.h"
#include "panels/formats.h"
