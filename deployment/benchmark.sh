#!/usr/bin/env bash
# Measures the service on this machine, every outside API simulated, and asserts nothing: run it where little else runs.
# A table goes to standard output, the same as JSON to target/.
set -euo pipefail

here=$(cd "$(dirname "${BASH_SOURCE[0]}")" && pwd)

usage() {
  cat <<'END'
usage: deployment/benchmark.sh scan|heap [KEYS]…
       deployment/benchmark.sh guide|start|throughput [TIMES]

  scan        a scan over estates of 100, 1,000 and 10,000 keys, or of the sizes named: how long the keys were checked
               beside the shortest time it could take (keys × Anthropic's latency ÷ concurrency), and what the collections
               left of the heap
  heap         the smallest heap in which a scan of these sizes comes to its end
  guide        the guide's own gcloud and curl commands beside the chain, first and repeated
  start        a process's start to its first answered event and its memory: native, on JDK 17 and 25 (looked for in
               /usr/lib/jvm), with and without a trained archive, as a service and under Google's invoker, on two cores and one
  throughput   onboardings a second with 1, 10 and 100 outstanding, and what each costs

Medians of TIMES, 7 if left out. A native executable is measured where ./mvnw package -Pcloudrun,native left one.
END
}

subject=${1:-}
case $subject in
  scan | heap)
    exec "$here/simulated.sh" cmek.benchmark.ScanBenchmark "$here/.." "$@"
    ;;
  start)
    # The functions' own jar, which the invoker runs.
    jar=$here/../target/cmek-onboarding-1.0.0-runner.jar
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
