#!/usr/bin/env bash
# Packs the jar of the functions into an archive with exactly this jar, as Cloud Run functions expects it, in the current
# folder. The same jar gives the same name and the same bytes on every machine.
#   deployment/archive.sh target/cmek-onboarding-1.0.0-runner.jar
set -euo pipefail

jar=${1:-}
[[ $# == 1 && $jar == *.jar && -f $jar ]] || {
  printf 'archive.sh: the path of the jar that ./mvnw package builds is missing, or there is no such file\n' >&2
  printf 'usage: deployment/archive.sh target/cmek-onboarding-1.0.0-runner.jar\n' >&2
  exit 2
}

tool=jar
if [[ -n ${JAVA_HOME:-} ]]; then tool=$JAVA_HOME/bin/jar; fi

archive=functions-$(sha256sum "$jar" | cut -d ' ' -f 1).zip
# The time of the file would be another one on each machine.
"$tool" --create --no-manifest --date=2020-01-01T00:00:00Z --file="$archive" -C "$(dirname "$jar")" "$(basename "$jar")"
printf '%s\n' "$archive"
