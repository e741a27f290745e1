#!/usr/bin/env bash
# Makes the fixtures of tiny models: bash scripts/goldens/architectures.sh [NAME ...]
# Packages and llama.cpp's converter (from the source archive of llama-cpp-python) go into .venv beside
# this script: a few minutes and 2 GB the first time.
set -euo pipefail
here="$(cd "$(dirname "$0")" && pwd)"
venv="${QUIRE_GOLDENS_VENV:-$here/.venv}"
archive=llama_cpp_python-0.3.36

if [[ ! -x "$venv/bin/python" ]]; then
    python3 -m venv "$venv"
    "$venv/bin/pip" install --quiet --requirement "$here/tiny_models/requirements.txt"
fi
if [[ ! -d "$venv/$archive" ]]; then
    "$venv/bin/pip" download --quiet --no-deps --no-binary :all: --dest "$venv" llama-cpp-python==0.3.36
    tar --extract --gzip --directory "$venv" --file "$venv/$archive.tar.gz"
fi
export PYTHONDONTWRITEBYTECODE=1
"$venv/bin/python" "$here/architectures.py" --llama-cpp "$venv/$archive/vendor/llama.cpp" "$@"
