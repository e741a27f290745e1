// All of this folder, in order.
#include "formats/kind.h"
#include "formats/blocks.h"
#include "formats/superblocks.h"
#include "formats/expand.h"
#include "formats/kinds.h"
