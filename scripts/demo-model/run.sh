#!/usr/bin/env bash
# Makes the demo model from nothing: a virtual environment, the tokenizer, 20 minutes of CPU training, the
# GGUF file, the references of the end-to-end tests, one story. A run that was stopped goes on where it was.
# Usage: run.sh [--out DIR]      default DIR: .venv/demo-model beside this script
set -euo pipefail
here="$(cd "$(dirname "$0")" && pwd)"
repository="$(cd "$here/../.." && pwd)"
out="$here/.venv/demo-model"
[[ "${1:-}" == --out ]] && out="$2"
venv="$here/.venv"
gguf="$repository/Sources/quire/Resources/demo.gguf"

if [[ ! -x "$venv/bin/python" ]]; then
  python3 -m venv "$venv"
  "$venv/bin/pip" install --quiet --requirement "$here/requirements.txt"
fi
export PYTHONDONTWRITEBYTECODE=1
cd "$here"
"$venv/bin/python" train.py --out "$out"
"$venv/bin/python" gguf.py --out "$out" --gguf "$gguf"
"$venv/bin/python" ../goldens/demo_reference.py "$gguf" \
  "$repository/Tests/EndToEndTests/Fixtures/demo-reference.json"
"$venv/bin/python" sample.py "$gguf"
