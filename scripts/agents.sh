#!/usr/bin/env bash
# Lets coding agents edit a file with a server: bash scripts/agents.sh ScriptedServer model.gguf
# A script (Tests/Agents) takes the model's part; the file gives vocabulary and chat template, so
# it has to be of a model that calls tools. Needs Linux and python3 with pip. QUIRE_AGENTS names
# the agents (claude, codex, aider), QUIRE_AGENTS_VENV a virtual environment with their packages.
set -Eeuo pipefail
trap 'echo "agents: line $LINENO: $BASH_COMMAND: status $?" >&2' ERR

server=$(realpath "$1")
model=$(realpath "$2")
scripts=$(realpath "$(dirname "$0")/../Tests/Agents")
agents=${QUIRE_AGENTS:-claude codex}

# All of it goes on in a network of its own that has loopback and nothing else.
if [[ -z ${QUIRE_AGENTS_WORK:-} ]]; then
    work=$(mktemp -d)
    trap 'rm -rf "$work"' EXIT
    venv=${QUIRE_AGENTS_VENV:-}
    if [[ -z $venv ]]; then
        venv=$work/venv
        python3 -m venv "$venv"
        wanted=(--requirement "$scripts/requirements.txt")
        [[ " $agents " != *" aider "* ]] || wanted+=(aider-chat)
        if ! "$venv/bin/pip" install --quiet --disable-pip-version-check "${wanted[@]}" \
            > "$work/pip" 2>&1; then
            cat "$work/pip" >&2
            grep -q 'connection broken' "$work/pip" || exit 1
            echo "agents: skipped, the Python package index cannot be reached"
            exit 0
        fi
    fi
    export QUIRE_AGENTS_WORK=$work QUIRE_AGENTS_VENV=$venv
    alone=(unshare --net --map-root-user)
    if ! "${alone[@]}" true 2> "$work/unshare"; then
        echo "agents: no network of their own: $(cat "$work/unshare")"
        alone=()
    fi
    "${alone[@]}" bash "$0" "$server" "$model"
    exit
fi

work=$QUIRE_AGENTS_WORK
packages=$(echo "$QUIRE_AGENTS_VENV"/lib/python3*/site-packages)
ip link set lo up 2> "$work/unshare" || true
listening=
trap '[[ -z $listening ]] || kill "$listening" 2> /dev/null || true' EXIT

fail() {
    echo "agents: $1" >&2
    tail -n 50 "$work/server" "$work/agent" >&2 || true
    exit 1
}

# Starts the server with the script of an agent, for a folder with the file that is to be edited.
start() {
    mkdir -p "$work/$1" "$work/person"
    echo "hello wrold" > "$work/$1/greeting.txt"
    sed "s|@FOLDER@|$work/$1|g" "$scripts/$1.json" > "$work/script.json"
    "$server" "$model" "$work/script.json" > "$work/server" 2>&1 &
    listening=$!
    for _ in $(seq 600); do
        grep -q '^Ready' "$work/server" && break
        kill -0 "$listening" 2> /dev/null || fail "the server has ended"
        sleep 0.1
    done
    grep -q '^Ready' "$work/server" || fail "the server is not ready after a minute"
    url=$(grep -oE 'http://[0-9.]+:[0-9]+' "$work/server")
    cd "$work/$1"
}

# The environment has nothing of the person's: no account, no settings, no telemetry.
agent() {
    timeout 110 env -i HOME="$work/person" PATH="/usr/local/bin:/usr/bin:/bin" TERM=dumb IS_SANDBOX=1 \
        "$@" < /dev/null > "$work/agent" 2>&1 || fail "$1 ended with an error"
}

claude() {
    local program=$packages/claude_agent_sdk/_bundled/claude
    agent "$program" --version
    version=$(cat "$work/agent")
    agent ANTHROPIC_BASE_URL="$url" ANTHROPIC_API_KEY=none ANTHROPIC_MODEL=scripted \
        CLAUDE_CODE_DISABLE_NONESSENTIAL_TRAFFIC=1 DISABLE_AUTOUPDATER=1 DISABLE_TELEMETRY=1 \
        "$program" --print "Correct the spelling in greeting.txt." \
        --permission-mode acceptEdits --output-format json
}

codex() {
    local program=$packages/codex_cli_bin/bin/codex
    agent "$program" --version
    version=$(grep '^codex' "$work/agent")
    mkdir -p "$work/person/.codex"
    cat > "$work/person/.codex/config.toml" << EOT
model = "scripted"
model_provider = "quire"
check_for_update_on_startup = false
[model_providers.quire]
name = "Quire"
base_url = "$url/v1"
wire_api = "responses"
[analytics]
enabled = false
EOT
    agent "$program" exec --skip-git-repo-check --dangerously-bypass-approvals-and-sandbox \
        "Correct the spelling in greeting.txt."
}

aider() {
    version=$("$QUIRE_AGENTS_VENV/bin/aider" --version)
    agent OPENAI_API_BASE="$url/v1" OPENAI_API_KEY=none "$QUIRE_AGENTS_VENV/bin/aider" \
        --model openai/scripted --edit-format diff --yes-always --no-git --no-check-update \
        --no-show-model-warnings --analytics-disable --no-show-release-notes --map-tokens 0 \
        --message "Correct the spelling in greeting.txt." greeting.txt
}

for name in $agents; do
    began=$SECONDS
    start "$name"
    "$name"
    [[ $(cat greeting.txt) == "hello world" ]] || fail "$name has not edited the file"
    # What an agent says again is not computed again: of each prompt but the first, all but what
    # is new was in the cache, however the first line of its system prompt changes.
    grep -E 'prompt [0-9]+, cached' "$work/server" | awk -v name="$name" '
        { sub(",", "", $3); answers++ }
        $1 != "other:" && before && $5 < before - 64 {
            print name ": " before " tokens were known, " $5 " were cached"; bad = 1
        }
        $1 != "other:" { before = $3 }
        END { exit bad || !answers }' >&2 || fail "$name: the cache was not used"
    echo "$name: $version: the file is edited in $((SECONDS - began)) s"
    grep -E 'prompt [0-9]+, cached' "$work/server" | sed 's/^/    /'
    kill "$listening"
    wait "$listening" 2> /dev/null || true
    listening=
done
