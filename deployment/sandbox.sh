#!/usr/bin/env bash
# Runs the whole service on this machine with simulated APIs: deployment/sandbox.sh --help
set -euo pipefail

here=$(cd "$(dirname "${BASH_SOURCE[0]}")" && pwd)

terminal=false
if [[ -t 2 && ${TERM:-dumb} != dumb ]]; then terminal=true; fi

exec "$here/simulated.sh" "-Dcmek.sandbox.terminal=$terminal" -XX:TieredStopAtLevel=1 -XX:+UseSerialGC cmek.sandbox.Sandbox "$here/.." "$@"
