#!/bin/bash
# Runs BoringSSL's TLS tests against this library. README.md has the commands that build the runner.
# usage: tests/BogoShim/run.sh RUNNER [flags of the runner]; RUNNER is the test program of ssl/test/runner, in its own folder.
set -euo pipefail
here=$(cd "$(dirname "$0")" && pwd)
if [ $# -lt 1 ] || [ ! -x "$1" ]; then
    echo "usage: $0 RUNNER [flags of the runner]" >&2
    exit 2
fi
runner=$(realpath "$1")
shift
shim=${BOGO_SHIM:-}
if [ -z "$shim" ]; then
    output=$(mktemp -d)
    trap 'rm -rf "$output"' EXIT
    dotnet publish "$here/BogoShim.csproj" -c Release -o "$output" -v q
    shim=$output/BogoShim
fi
cd "$(dirname "$runner")"
"$runner" -test.timeout 3h -shim-path "$shim" -shim-config "$here/skipped.json" -loose-errors -allow-unimplemented -num-workers 2 -pipe "$@"
