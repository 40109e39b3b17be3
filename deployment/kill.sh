#!/usr/bin/env bash
# Two hundred requests at once over Google's own Pub/Sub emulator; the functions' process is killed (SIGKILL) five times
# while they are outstanding. Afterwards every request has ended once, every key is registered once and no workspace was
# attached twice, or the exit status is 1. Where the emulator is not installed, says so and ends with 0.
set -euo pipefail

here=$(cd "$(dirname "${BASH_SOURCE[0]}")" && pwd)

exec "$here/simulated.sh" -XX:TieredStopAtLevel=1 -XX:+UseSerialGC cmek.sandbox.KillRun "$here/.." "$@"
