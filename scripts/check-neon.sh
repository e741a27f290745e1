#!/bin/sh
# Compiles the kernels for 64-bit ARM on any machine that has a clang, to tell whether they would
# build there; it links and runs nothing. Usage: scripts/check-neon.sh [clang]
set -eu
cd "$(dirname "$0")/.."
clang=${1:-$(command -v clang || echo "$(dirname "$(command -v swift)")/clang")}

# What the kernels use of the C library, so that no ARM headers need to be installed.
headers=$(mktemp -d)
trap 'rm -rf "$headers"' EXIT
cat > "$headers/string.h" <<'EOF'
#include <stddef.h>
void *memcpy(void *, const void *, size_t);
void *memset(void *, int, size_t);
EOF
cat > "$headers/math.h" <<'EOF'
float expf(float);
float logf(float);
float tanhf(float);
float sqrtf(float);
float fabsf(float);
float fmaf(float, float, float);
float fmaxf(float, float);
double exp(double);
double log(double);
double sqrt(double);
#define INFINITY __builtin_inff()
#define isinf(x) __builtin_isinf(x)
#define isnan(x) __builtin_isnan(x)
#define isfinite(x) __builtin_isfinite(x)
#define NAN __builtin_nanf("")
EOF

for extra in "" "-march=armv8.2-a+dotprod"; do
    for file in Sources/CKernels/*/neon.c; do
        "$clang" --target=aarch64-linux-gnu -ffreestanding -nostdlibinc -isystem "$headers" \
            -std=gnu17 -O2 -ffp-contract=off -Wall -Wextra -Werror $extra \
            -ISources/CKernels -ISources/CKernels/include -S -o /dev/null "$file"
        echo "$file ${extra:-baseline}: compiles"
    done
done
