#!/usr/bin/env bash
# Measures the service on this machine with simulated APIs, without checking the results. Run it on an idle machine.
# Prints a table to standard output, and writes it as JSON to target/.
set -euo pipefail

here=$(cd "$(dirname "${BASH_SOURCE[0]}")" && pwd)

usage() {
  cat <<'END'
usage: deployment/benchmark.sh scan|heap [KEYS]…
       deployment/benchmark.sh guide|start|throughput [TIMES]

  scan         a scan of 100, 1,000 and 10,000 keys, or of the given numbers: how long the check takes, compared with the
               shortest possible time (keys × Anthropic's latency ÷ concurrency), and the heap in use after a collection
  heap         the smallest heap in which a scan of these sizes finishes
  guide        the gcloud and curl commands of Anthropic's guide compared with the functions, first and repeated
  start        the time from the start of a process to its first answered event, and its memory: native, on JDK 17 and 25
               (from /usr/lib/jvm), with and without a trained archive, as a service and with Google's invoker, on two cores
               and one
  throughput   onboardings per second with 1, 10 and 100 in progress, and the cost of each

The results are medians of TIMES runs (default 7). The native executable is measured if ./mvnw package -Pcloudrun,native has
built one.
END
}

subject=${1:-}
case $subject in
  scan | heap)
    exec "$here/simulated.sh" cmek.benchmark.ScanBenchmark "$here/.." "$@"
    ;;
  start)
    # The jar of the functions, which the invoker runs.
    version=$(sed -n '/<version>/{s/.*<version>\(.*\)<\/version>.*/\1/p;q;}' "$here/../pom.xml")
    jar=$here/../target/cmek-onboarding-$version-runner.jar
    if [[ ! -f $jar || -n $(find "$here/../pom.xml" "$here/../src" -newer "$jar" -print -quit) ]]; then
      (cd "$here/.." && ./mvnw --batch-mode --quiet -DskipTests package) >&2 </dev/null
    fi
    ;;
  guide | throughput) ;;
  --help | -h)
    usage
    exit 0
    ;;
  *)
    usage >&2
    exit 2
    ;;
esac

exec "$here/simulated.sh" cmek.benchmark.Benchmark "$(cd "$here/.." && pwd)" "$subject" "${2:-7}"
