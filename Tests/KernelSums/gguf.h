// The tensors of a GGUF file that the tests brought along; nothing else of it, and no checks.
#ifndef KERNEL_SUMS_GGUF_H
#define KERNEL_SUMS_GGUF_H

#include <stddef.h>
#include <stdint.h>

typedef struct tensor {
    const uint8_t *bytes;
    uint32_t format;
    size_t columns, rows;
} tensor;

// The tensor of a name; bytes null: there is none.
tensor gguf_tensor(const uint8_t *file, const char *name);

#endif
