#pragma once
#include <stdint.h>

// Calls of malloc and its kin in this process so far; -1 where they cannot be counted.
int64_t count_allocations(void);
