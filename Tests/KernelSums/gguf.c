#include "gguf.h"

#include <string.h>

static uint64_t number(const uint8_t **p, size_t bytes) {
    uint64_t x = 0;
    memcpy(&x, *p, bytes);
    *p += bytes;
    return x;
}

static void skip_value(const uint8_t **p, uint32_t type) {
    static const uint8_t sizes[13] = {1, 1, 2, 2, 4, 4, 4, 1, 0, 0, 8, 8, 8};
    if (type == 8) {
        size_t length = number(p, 8);
        *p += length;
    } else if (type == 9) {
        uint32_t element = (uint32_t)number(p, 4);
        for (uint64_t count = number(p, 8); count > 0; count--) {
            skip_value(p, element);
        }
    } else {
        *p += sizes[type];
    }
}

tensor gguf_tensor(const uint8_t *file, const char *name) {
    const uint8_t *p = file + 8;
    uint64_t tensors = number(&p, 8), values = number(&p, 8), at = 0;
    for (; values > 0; values--) {
        skip_value(&p, 8);
        skip_value(&p, (uint32_t)number(&p, 4));
    }
    tensor found = {.bytes = NULL};
    for (; tensors > 0; tensors--) {
        size_t length = number(&p, 8);
        int wanted = length == strlen(name) && memcmp(p, name, length) == 0;
        p += length;
        uint64_t dimensions = number(&p, 4), size[4] = {1, 1, 1, 1};
        for (uint64_t d = 0; d < dimensions; d++) {
            size[d] = number(&p, 8);
        }
        uint32_t format = (uint32_t)number(&p, 4);
        uint64_t offset = number(&p, 8);
        if (wanted) {
            found = (tensor){file, format, size[0], size[1]};
            at = offset;
        }
    }
    size_t end = (size_t)(p - file);
    found.bytes = found.bytes != NULL ? file + (end + 31) / 32 * 32 + at : NULL;
    return found;
}
