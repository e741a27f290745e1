#!/usr/bin/env bash
# Runs the whole test suite at the instruction-set levels below the machine's best, which
# `swift test` uses. Tests must be built (`swift build --build-tests`). Where QUIRE_MODELS is set
# the real models are computed too, on smaller grids than at the best level.
#
# Usage: scripts/test-levels.sh [--quick] [LEVEL...]
#   --quick   only the suites that compute
set -euo pipefail
cd "$(dirname "$0")/.."

suites=()
if [[ "${1:-}" == --quick ]]; then
    suites=(--filter 'TensorsTests|ModelsTests|EngineTests|EndToEndTests')
    shift
fi
levels=("$@")
if [[ ${#levels[@]} -eq 0 ]]; then
    case "$(uname -m)" in
    x86_64) levels=(avx2 scalar) ;;
    *) levels=(scalar) ;;
    esac
fi

for level in "${levels[@]}"; do
    start=$SECONDS
    printf '== %s\n' "$level"
    QUIRE_ISA="$level" swift test --skip-build ${suites[@]+"${suites[@]}"} 2>&1 | tail -n 20
    printf '== %s: %s s\n' "$level" "$((SECONDS - start))"
done
