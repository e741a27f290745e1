#!/bin/sh
# Builds llama-server for this machine from the source package of llama-cpp-python, ten minutes.
# Prints the path of the program. Needs Python, a C++ compiler, and the Python package index.
set -eu
version=0.3.36
root=$(cd "$(dirname "$0")/../.." && pwd)
work=${1:-$root/.build/benchmarks/serving}
program=$work/build/bin/llama-server
if [ ! -x "$program" ]; then
    mkdir -p "$work"
    [ -x "$work/tools/bin/pip" ] || python3 -m venv "$work/tools"
    "$work/tools/bin/pip" install --quiet cmake ninja scikit-build-core
    export PATH="$work/tools/bin:$PATH"
    [ -e "$work/llama_cpp_python-$version.tar.gz" ] || "$work/tools/bin/pip" download --quiet \
        --no-deps --no-build-isolation --no-binary llama-cpp-python --dest "$work" \
        "llama-cpp-python==$version"
    tar -xzf "$work/llama_cpp_python-$version.tar.gz" -C "$work"
    cmake -S "$work/llama_cpp_python-$version/vendor/llama.cpp" -B "$work/build" -G Ninja \
        -DCMAKE_BUILD_TYPE=Release -DGGML_NATIVE=ON -DLLAMA_BUILD_SERVER=ON -DLLAMA_BUILD_UI=OFF \
        -DLLAMA_BUILD_TESTS=OFF -DLLAMA_BUILD_EXAMPLES=OFF -DLLAMA_CURL=OFF -DLLAMA_OPENSSL=OFF >&2
    cmake --build "$work/build" --target llama-server >&2
fi
echo "$program"
