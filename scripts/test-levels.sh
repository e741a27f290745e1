#!/usr/bin/env bash
# Runs the suites that compute at the instruction-set levels below the machine's best, which
# `swift test` uses. Tests must be built (`swift build --build-tests`).
#
# Usage: scripts/test-levels.sh [--all] [LEVEL...]
#   --all   every suite, those with real models included where QUIRE_MODELS is set (slow)
set -euo pipefail
cd "$(dirname "$0")/.."

suites=(--filter 'TensorsTests|ModelsTests|EngineTests|EndToEndTests')
if [[ "${1:-}" == --all ]]; then
    suites=()
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
