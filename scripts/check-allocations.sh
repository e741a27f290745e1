#!/usr/bin/env bash
# Checks that a steady decode step of a release binary allocates no more than the delta that it
# hands to its reader: an answer of 360 tokens against one of 120, on the demo model. Needs clang and
# the GNU C library; elsewhere it says so and passes.
#
# Usage: scripts/check-allocations.sh QUIRE
set -euo pipefail
quire="${1:?the path of the quire binary}"
here="$(cd "$(dirname "$0")" && pwd)"
# A delta, its list of tokens, and now and then a list that grows.
most=2.2

if ! getconf GNU_LIBC_VERSION > /dev/null 2>&1; then
    echo "allocations: not counted without the GNU C library"
    exit 0
fi
work="$(mktemp -d)"
trap 'rm -rf "$work"' EXIT
clang -O1 -shared -fPIC -o "$work/count.so" "$here/count-allocations.c"

allocations() {
    LD_PRELOAD="$work/count.so" "$quire" generate --prompt "Once upon a time" --max-tokens "$1" \
        --ignore-eos --temperature 0 --threads 2 2>&1 > /dev/null \
        | sed -n 's/^allocations: //p'
}
short="$(allocations 120)"
long="$(allocations 360)"
each="$(awk -v a="$short" -v b="$long" 'BEGIN { printf "%.2f", (b - a) / 240 }')"
echo "allocations: $each a decoded token"
awk -v each="$each" -v most="$most" 'BEGIN { exit !(each <= most) }' || {
    echo "a decoded token makes more than $most allocations" >&2
    exit 1
}
