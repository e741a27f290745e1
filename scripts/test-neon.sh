#!/usr/bin/env bash
# Runs the kernels for 64-bit ARM on this machine, under user-mode qemu: every case of
# Tests/KernelSums, with the steps of the demo model, must have its recorded checksum.
# Usage: scripts/test-neon.sh [--quick] [--install] [clang]
#
# --quick runs one build at one level. --install installs what is missing of Debian's packages
# qemu-user, libc6-dev-arm64-cross and libgcc-12-dev-arm64-cross; without it, or where it cannot,
# what is missing is said and the exit status is 77.
set -euo pipefail
cd "$(dirname "$0")/.."

quick=0 install=0
while [[ ${1:-} == --* ]]; do
    case $1 in
    --quick) quick=1 ;;
    --install) install=1 ;;
    *) sed -n '2,5p' "$0"; exit 2 ;;
    esac
    shift
done
clang=${1:-$(command -v clang || echo "$(dirname "$(command -v swift)")/clang")}
root=/usr/aarch64-linux-gnu

missing() { ! command -v qemu-aarch64 || [[ ! -e $root/lib/libc.a ]]; } > /dev/null
if missing && [[ $install == 1 && $(id -u) == 0 ]] && command -v apt-get > /dev/null; then
    (apt-get update && apt-get install -y --no-install-recommends qemu-user \
        libc6-dev-arm64-cross libgcc-12-dev-arm64-cross) > /dev/null 2>&1 || true
fi
if missing; then
    echo "NEON was not run: qemu-user, libc6-dev-arm64-cross or libgcc-12-dev-arm64-cross is missing" \
        >&2
    exit 77
fi

build=$(mktemp -d)
trap 'rm -rf "$build"' EXIT

# Builds the command into $build/$1, with the flags behind.
build() {
    local name=$1
    shift
    mkdir "$build/$name"
    # -ffp-contract: as in Package.swift.
    find Sources/CKernels Tests/KernelSums Tests/KernelSumsCommand -name '*.c' -print0 \
        | xargs -0 -P "$(nproc)" -I {} sh -c '
            out=$1/$(echo "$2" | tr / _).o; shift
            source=$1; shift
            exec "$@" -c "$source" -o "$out"' sh "$build/$name" {} \
            "$clang" --target=aarch64-linux-gnu -isystem $root/include -std=gnu17 -O3 \
            -ffp-contract=off -fno-math-errno -Wall -Wextra -Werror "$@" -ISources/CKernels \
            -ISources/CKernels/include -ITests/KernelSums/include
    "$clang" --target=aarch64-linux-gnu -fuse-ld=lld -static -L$root/lib -o "$build/$name/run" \
        "$build/$name"/*.o -lm -lpthread
}

# check PROCESSOR BUILD LEVEL: on an emulated processor.
check() {
    printf '%s, %s: ' "$1" "$2"
    qemu-aarch64 -cpu "$1" "$build/$2/run" "$3" Sources/QuireKit/Resources/demo.gguf \
        Tests/KernelSums/sums.txt
}

build plain
check max plain neon
if [[ $quick == 0 ]]; then
    # Without the dot product of bytes, and with more than the compiler may use by default.
    check cortex-a53 plain neon
    check max plain scalar
    build dotprod -march=armv8.2-a+dotprod
    check max dotprod neon
fi
