#!/usr/bin/env bash
# Runs the whole test suite at the instruction-set levels below the machine's best, which
# `swift test` uses. Tests must be built (`swift build --build-tests`). Where QUIRE_MODELS is set
# the real models are computed too, on smaller grids than at the best level; by portable C only if
# QUIRE_ALL_MODELS is set as well.
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

log="$(mktemp)"
trap 'rm -f "$log"' EXIT
run() {
    # Portable C takes six minutes for the real models' grids: they are for runs by hand.
    local models=()
    [[ "$1" == scalar && -z "${QUIRE_ALL_MODELS:-}" ]] && models=(-u QUIRE_MODELS)
    env ${models[@]+"${models[@]}"} QUIRE_ISA="$1" \
        swift test --skip-build ${suites[@]+"${suites[@]}"}
}

for level in "${levels[@]}"; do
    start=$SECONDS
    printf '== %s\n' "$level"
    if ! run "$level" >"$log" 2>&1; then
        grep -E '✘|error:' "$log" | head -n 40
        tail -n 1 "$log"
        exit 1
    fi
    tail -n 1 "$log"
    printf '== %s: %s s\n' "$level" "$((SECONDS - start))"
done
