#!/usr/bin/env bash
# A newcomer's first minutes with a built binary: scripts/smoke.sh PATH-TO-QUIRE
set -euo pipefail
quire="$1"
home="$(mktemp -d)"
trap 'rm -rf "$home"' EXIT
export QUIRE_HOME="$home"

fail() { echo "smoke: $1" >&2; exit 1; }

story="$("$quire" run "Once upon a time" --temperature 0 --max-tokens 24 2> "$home/notice")"
[[ -n "$story" ]] || fail "run wrote nothing"
grep -q "demo model" "$home/notice" || fail "run does not say that it used the demo model"
echo "run: $story"

for isa in scalar avx2 avx512; do
    # A level that the machine lacks is refused.
    QUIRE_ISA="$isa" "$quire" list > /dev/null 2>&1 || continue
    QUIRE_ISA="$isa" "$quire" run "Once upon a time" --temperature 0 --max-tokens 8 > /dev/null 2>&1 \
        || fail "run fails with QUIRE_ISA=$isa"
done

"$quire" tokenize --model demo --text "Once upon a time" | grep -q '[0-9]' || fail "tokenize"
"$quire" inspect demo > /dev/null || fail "inspect"
"$quire" list > /dev/null || fail "list"
"$quire" doctor > /dev/null || fail "doctor"
"$quire" generate --model no-such-model --prompt x > /dev/null 2> "$home/refusal" \
    && fail "an unknown model was accepted"
grep -qi "no-such-model" "$home/refusal" || fail "the refusal does not name the model"

# Many requests: a batch, and a prefix that is computed once.
for id in a b c; do
    echo '{"custom_id": "'$id'", "method": "POST", "url": "/v1/completions",' \
        '"body": {"model": "demo", "prompt": "Once upon a time", "max_tokens": 8, "temperature": 0}}'
done > "$home/requests.jsonl"
"$quire" batch --model demo --input "$home/requests.jsonl" --output "$home/results.jsonl" \
    2> /dev/null || fail "batch"
[[ "$(grep -c '"status_code":200' "$home/results.jsonl")" == 3 ]] || fail "batch: not three answers"
"$quire" bench shared-prefix --requests 4 --prefix 64 --tail 4 --answer 4 --repetitions 1 \
    --format json 2> /dev/null > "$home/shared.json" || fail "bench shared-prefix"
python3 - "$home/shared.json" <<'CHECK' || fail "the shared prefix was not computed once"
import json, sys
report = json.load(open(sys.argv[1]))
sys.exit(report["computed_tokens"] != report["computed_if_once"])
CHECK
echo "smoke: all good"
