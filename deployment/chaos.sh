#!/usr/bin/env bash
# Runs the packaged service with simulated APIs on this machine's loopback interface, and makes its life hard: processes are
# killed (SIGKILL), messages are shuffled, doubled, dropped and not acknowledged, calls fail before and after their effect, and
# lists lag and repeat items, while requests, approvals and replays come in. Then everything comes to rest. Prints a line per
# figure; the exit status is 1 unless every message ended once and the APIs are as they should be:
#   deployment/chaos.sh [SECONDS] [SEED]      how long it is rough, by default 40; 300 for the long run
set -euo pipefail

here=$(cd "$(dirname "${BASH_SOURCE[0]}")" && pwd)

exec "$here/simulated.sh" -XX:TieredStopAtLevel=1 -XX:+UseSerialGC cmek.sandbox.ChaosRun "$here/.." "${1:-40}" "${@:2}"
