#!/usr/bin/env bash
# Sends two hundred concurrent requests through Google's Pub/Sub emulator, and kills the process of the functions (SIGKILL)
# five times while the requests are in progress. The exit status is 1 unless every request ends once, every key is
# registered once and no workspace is attached twice. If the emulator is not installed, it prints this and exits with 0.
set -euo pipefail

here=$(cd "$(dirname "${BASH_SOURCE[0]}")" && pwd)

exec "$here/simulated.sh" -XX:TieredStopAtLevel=1 -XX:+UseSerialGC cmek.sandbox.KillRun "$here/.." "$@"
