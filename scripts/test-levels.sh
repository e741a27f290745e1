#!/usr/bin/env bash
# Runs the tests at the instruction-set levels below the machine's best, which `swift test` uses,
# but for the suites that reach no kernel: those of text, JSON, the network and the schedule. Tests
# must be built (`swift build --build-tests`). Where QUIRE_MODELS is set the real models are computed
# too, on smaller grids than at the best level, but not by portable C, which takes six minutes for
# them.
#
# Usage: scripts/test-levels.sh [--quick] [--all-models] [LEVEL...]
#   --quick        only the suites that compute whole models: kernels are compared level by level
#                  in their own suites
#   --all-models   the real models at the level scalar too
#   LEVEL          avx2, scalar, neon or avx512; by default all below the best
set -euo pipefail
cd "$(dirname "$0")/.."

levelless='ThreadsTests|JSONTests|ModelStoreTests|TokenizationTests|ChatTemplatesTests'
levelless+='|ConversationTests|ServingTests|QuireCommandTests|KVCacheTests|SchedulingTests|TidyTests'
levelless+='|SimulationTests|PlanningTests|ReportingTests'
suites=(--skip "^($levelless)\\.")
all_models=false
while [[ "${1:-}" == -* ]]; do
    case "$1" in
    --quick) suites=(--filter 'ModelsTests|EndToEndTests') ;;
    --all-models) all_models=true ;;
    *)
        grep -m 1 '^# Usage:' "scripts/${0##*/}" | cut -c 3- >&2
        exit 2
        ;;
    esac
    shift
done
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
    local models=()
    [[ "$1" == scalar && "$all_models" == false ]] && models=(-u QUIRE_MODELS)
    env ${models[@]+"${models[@]}"} QUIRE_ISA="$1" \
        swift test --skip-build "${suites[@]}"
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
