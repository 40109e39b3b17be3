#!/usr/bin/env bash
# Runs one of the programs that put the real functions into a simulated world: deployment/simulated.sh CLASS [ARGUMENT]…
# The scripts beside this one say which there are. Builds what is missing or older than its sources.
set -euo pipefail

root=$(cd "$(dirname "${BASH_SOURCE[0]}")/.." && pwd)
built=$root/target/cloudrun
jar=$built/cmek-onboarding-1.0.0-runner.jar
java=java
if [[ -n ${JAVA_HOME:-} ]]; then java=$JAVA_HOME/bin/java; fi

if [[ ! -f $jar || -n $(find "$root/pom.xml" "$root/src" -newer "$jar" -print -quit) ]]; then
  echo "building the service and the simulators (a minute or two the first time)…" >&2
  # What the build says matters only when it fails; Maven itself warns of much on newer JDKs.
  mkdir -p "$root/target"
  if ! (cd "$root" && ./mvnw --batch-mode --quiet -Pcloudrun -DskipTests package) >"$root/target/simulated-build.log" 2>&1 </dev/null; then
    cat "$root/target/simulated-build.log" >&2
    echo "the build failed" >&2
    exit 1
  fi
fi

terminal=false
if [[ -t 2 && ${TERM:-dumb} != dumb ]]; then terminal=true; fi

program=$1
shift
exec "$java" "-Dcmek.sandbox.terminal=$terminal" -XX:TieredStopAtLevel=1 -XX:+UseSerialGC -cp "$built/test-classes:$jar" "$program" "$root" "$@"
