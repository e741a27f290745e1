// Matrix products over panels in portable C: what every other level is compared with.
#include "tables.h"
// Order matters: formats, panels, the level's unpacking and runs, parts, and all of it by format.
#include "formats/all.h"
#include "panels/layout.h"
#include "panels/pack.h"
#include "panels/rows.h"
#include "panels/unpack.h"
#include "panels/run_scalar.h"
#include "panels/part.h"
#include "panels/formats.h"

void qk_fill_panels_scalar(qk_table *table) { qk_fill_panels(table); }
