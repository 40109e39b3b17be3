#!/usr/bin/env bash
# Measures the service on this machine, every outside world simulated, and asserts nothing: run it where little else runs.
# A table goes to standard output, the same as JSON to target/benchmark/.
set -euo pipefail

here=$(cd "$(dirname "${BASH_SOURCE[0]}")" && pwd)

usage() {
  cat <<'END'
usage: deployment/benchmark.sh night [KEYS]…

  night   a night over estates of 100, 1,000 and 10,000 keys, or of the sizes named: how long the keys were looked at beside
          the shortest time it could take (keys × the vendor's latency ÷ concurrency), and the heap that it took
END
}

subject=${1:-}
case $subject in
  night) main=cmek.benchmark.NightBenchmark ;;
  --help | -h)
    usage
    exit 0
    ;;
  *)
    usage >&2
    exit 2
    ;;
esac
shift

exec "$here/simulated.sh" "$main" "$here/.." "$@"
