#!/usr/bin/env bash
# The whole service on this machine, every outside API simulated: deployment/sandbox.sh --help
set -euo pipefail

here=$(cd "$(dirname "${BASH_SOURCE[0]}")" && pwd)

terminal=false
if [[ -t 2 && ${TERM:-dumb} != dumb ]]; then terminal=true; fi

exec "$here/simulated.sh" "-Dcmek.sandbox.terminal=$terminal" -XX:TieredStopAtLevel=1 -XX:+UseSerialGC cmek.sandbox.Sandbox "$here/.." "$@"
