// Prints the checksums of KernelSums at a level, a case a line; or compares them with a list that
// was printed before, and says which cases differ.
//
//     kernel-sums LEVEL [MODEL.gguf]         prints
//     kernel-sums LEVEL MODEL.gguf LIST      compares; the exit status tells
#include <inttypes.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "KernelSums.h"

static const qk_table *level_named(const char *name) {
    uint32_t set;
    return qk_cpu_parse(name, &set) ? qk_table_for(set) : NULL;
}

static uint8_t *contents(const char *path, size_t *count) {
    FILE *file = fopen(path, "rb");
    if (file == NULL) {
        fprintf(stderr, "%s cannot be read\n", path);
        exit(2);
    }
    fseek(file, 0, SEEK_END);
    *count = (size_t)ftell(file);
    rewind(file);
    uint8_t *bytes = malloc(*count + 1);
    if (bytes == NULL || fread(bytes, 1, *count, file) != *count) {
        fprintf(stderr, "%s cannot be read\n", path);
        exit(2);
    }
    bytes[*count] = 0;
    fclose(file);
    return bytes;
}

// What is compared with: the list as it is, and how far it has been read.
typedef struct comparison {
    const char *wanted;
    int cases, differ;
} comparison;

static void take(void *context, const char *name, uint64_t sum) {
    comparison *c = context;
    char line[128];
    int length = snprintf(line, sizeof line, "%016" PRIx64 " %s\n", sum, name);
    c->cases++;
    if (sum == 0) {
        fprintf(stderr, "%s: an output was not written, or something beyond it was\n", name);
        c->differ++;
    }
    if (c->wanted == NULL) {
        fputs(line, stdout);
        return;
    }
    const char *end = strchr(c->wanted, '\n');
    if (end == NULL || strncmp(c->wanted + 16, line + 16, (size_t)length - 16) != 0) {
        fprintf(stderr, "%s: not in its place of the list\n", name);
        c->differ++;
        return;
    }
    if (strncmp(c->wanted, line, 16) != 0) {
        fprintf(stderr, "%s: differs\n", name);
        c->differ++;
    }
    c->wanted = end + 1;
}

int main(int argc, char **argv) {
    const qk_table *table = argc >= 2 && argc <= 4 ? level_named(argv[1]) : NULL;
    if (table == NULL) {
        fputs("usage: kernel-sums LEVEL [MODEL.gguf [LIST]], a level of this machine\n", stderr);
        return 2;
    }
    size_t count = 0, length = 0;
    uint8_t *model = argc > 2 ? contents(argv[2], &count) : NULL;
    char *list = argc > 3 ? (char *)contents(argv[3], &length) : NULL;
    comparison c = {.wanted = list};
    kernel_sums(table, model, count, &c, take);
    if (c.wanted != NULL && *c.wanted != 0) {
        fprintf(stderr, "the list has more cases\n");
        c.differ++;
    }
    if (list != NULL) {
        printf("%s: %d cases, %d differ\n", table->name, c.cases, c.differ);
    }
    free(model);
    free(list);
    return c.differ == 0 ? 0 : 1;
}
