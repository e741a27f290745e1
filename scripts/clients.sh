#!/usr/bin/env bash
# Lets the openai and anthropic packages talk to a server, and schemathesis, which makes requests of
# its own out of the server's description: bash scripts/clients.sh path/to/quire
# Needs python3 with pip; the packages go into a virtual environment of this run.
# QUIRE_CLIENT_MODEL names a model to serve instead of the demo model; its tests include that it
# calls tools.
set -euo pipefail

quire=$(realpath "$1")
tests=$(realpath "$(dirname "$0")/../Tests/Clients")
work=$(mktemp -d)
server=
cleanup() {
    [[ -z $server ]] || { kill "$server" && wait "$server"; } 2> /dev/null || true
    rm -rf "$work"
}
trap cleanup EXIT

fail() {
    echo "clients: $1" >&2
    cat "$work/log" >&2
    exit 1
}

python3 -m venv "$work/venv"
if ! "$work/venv/bin/pip" install --quiet --disable-pip-version-check \
    --requirement "$tests/requirements.txt" > "$work/log" 2>&1; then
    # pip says of an index out of reach what it says of a version that does not exist, and warns of
    # its connection before.
    if grep -q 'connection broken' "$work/log"; then
        echo "clients: skipped, the Python package index cannot be reached"
        exit 0
    fi
    fail "the packages cannot be installed"
fi

if [[ -n ${QUIRE_CLIENT_MODEL:-} ]]; then
    model=("$QUIRE_CLIENT_MODEL")
    export QUIRE_CLIENT_WRITES_CALLS=1
else
    model=(demo --chat-template "$tests/chatml.jinja")
fi
# A key, so that what needs one is seen to.
export QUIRE_API_KEY=client-tests
"$quire" serve "${model[@]}" --port 0 > "$work/log" 2>&1 &
server=$!
for _ in $(seq 600); do
    grep -q '^Ready' "$work/log" && break
    kill -0 "$server" 2> /dev/null || fail "the server has ended"
    sleep 0.1
done
grep -q '^Ready' "$work/log" || fail "the server is not ready after a minute"
QUIRE_CLIENT_URL=$(grep -oE 'http://[0-9.]+:[0-9]+' "$work/log" | head -n 1)
export QUIRE_CLIENT_URL QUIRE_CLIENT_PID=$server QUIRE_CLIENT_PROGRAM=$quire PYTHONDONTWRITEBYTECODE=1

"$work/venv/bin/pip" freeze | grep -E '^(openai|anthropic)=='
"$work/venv/bin/python" -m unittest discover --start-directory "$tests" > "$work/tests" 2>&1 \
    || { cat "$work/tests"; fail "the server's log:"; }
tail -n 3 "$work/tests"
kill -0 "$server" 2> /dev/null || fail "the server has ended"

# Once: a description does not depend on the model.
if [[ -z ${QUIRE_CLIENT_MODEL:-} ]]; then
    "$work/venv/bin/python" -c 'import json, sys, urllib.request
from openapi_spec_validator import validate
validate(json.load(urllib.request.urlopen(sys.argv[1])))' "$QUIRE_CLIENT_URL/openapi.json" \
        || fail "the description is no OpenAPI document"
    (cd "$work" && timeout 90 "$work/venv/bin/schemathesis" --no-color \
        --config-file "$tests/schemathesis.toml" run "$QUIRE_CLIENT_URL/openapi.json" \
        --header "Authorization: Bearer $QUIRE_API_KEY" > "$work/tests" 2>&1) \
        || { cat "$work/tests"; fail "the server's log:"; }
    tail -n 3 "$work/tests"
    kill -0 "$server" 2> /dev/null || fail "the server has ended"
fi

# A server that nobody uses any more ends by itself, and well.
kill "$server"
status=0
wait "$server" || status=$?
server=
[[ $status == 0 ]] || fail "the server ended with status $status"
