#!/usr/bin/env bash
# Runs a main class of the test sources: simulated.sh JVM_OPTION… CLASS ARGUMENT…; used by the other scripts here. It only
# needs JDK 17 or later, and builds what is missing or older than its sources.
set -euo pipefail

root=$(cd "$(dirname "${BASH_SOURCE[0]}")/.." && pwd)
built=$root/target/cloudrun
jar=$built/cmek-onboarding-1.0.0-runner.jar
java=java
if [[ -n ${JAVA_HOME:-} ]]; then java=$JAVA_HOME/bin/java; fi

if [[ ! -f $jar || -n $(find "$root/pom.xml" "$root/src" -newer "$jar" -print -quit) ]]; then
  echo "building the service and the simulators (a minute or two the first time)…" >&2
  # The output of the build is only shown if it fails: Maven prints many warnings on newer JDKs.
  if ! mkdir -p "$root/target" 2>/dev/null || [[ ! -w $root/target ]]; then
    printf '%s: cannot write to %s\nrun it in a copy of this folder that you may write to\n' "${0##*/}" "$root/target" >&2
    exit 1
  fi
  if ! (cd "$root" && ./mvnw --batch-mode --quiet -Pcloudrun -DskipTests package) >"$root/target/simulated-build.log" 2>&1 </dev/null; then
    cat "$root/target/simulated-build.log" >&2
    echo "${0##*/}: the build failed" >&2
    exit 1
  fi
fi

exec "$java" -cp "$built/test-classes:$jar" "$@"
