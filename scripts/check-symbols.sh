#!/usr/bin/env bash
# No function of the C mathematics library may be on the way to a token or a log probability: other
# libraries, and one library on other processors, give other last bits. Looks at the objects of which
# `swift build` has made the command. Usage: scripts/check-symbols.sh FOLDER, of
# `swift build --show-bin-path`.
set -euo pipefail

folder=$1
modules=(CKernels Tensors ModelFiles Tokenization KVCache Scheduling QuireModels QuireEngine)
nm=$(command -v llvm-nm || echo "$(dirname "$(command -v swift)")/llvm-nm")

# The functions of float, double and long double, and their vector forms. Not floor, ceil, trunc,
# round, rint and their like: they are exact, the same everywhere.
functions='a?(sin|cos|tan)h?|atan2|(sin|cos|tan|asin|acos|atan|atan2)pi|sincos|exp|exp2|exp10|expm1
    |log|log2|log10|log1p|pow|pown|powr|cbrt|hypot|erfc?|[lt]gamma|fma|fmod|remainder|drem|remquo
    |ldexp|scalbl?n|scalb|j[01n]|y[01n]|rsqrt|compoundn|rootn'
pattern="^(_ZGV[a-zA-Z0-9]+_)?(__)?($(tr -d ' \n' <<< "$functions"))(f|l|f16|f32|f64|f128|f32x|f64x|_r|f_r|l_r)?(_finite)?\$"

found=0
for module in "${modules[@]}"; do
    objects=$(tr -d "'\"" < "$folder/quire.product/Objects.LinkFileList" \
        | grep "/$module\.build/" || true)
    if [[ -z $objects ]]; then
        echo "$module: no objects in $folder" >&2
        exit 1
    fi
    # shellcheck disable=SC2086
    calls=$("$nm" -u --format=just-symbols $objects | grep -E "$pattern" | sort -u || true)
    if [[ -n $calls ]]; then
        echo "$module calls the mathematics library:" $calls >&2
        found=1
    fi
done
[[ $found == 0 ]] && echo "no function of the mathematics library in ${#modules[@]} modules"
exit $found
