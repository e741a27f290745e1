#!/bin/sh
# All comparisons with llama.cpp of one or more model files. Usage: run.sh MODEL.gguf ... [-- OPTION ...]
set -eu
here=$(cd "$(dirname "$0")" && pwd)
models=""
while [ $# -gt 0 ] && [ "$1" != "--" ]; do
    models="$models $1"
    shift
done
[ $# -eq 0 ] || shift
for model in $models; do
    python3 "$here/compare.py" --model "$model" "$@"
done
