#!/usr/bin/env bash
# Builds the committed sources twice, in two folders, and compares what comes out byte by byte.
#   deployment/reproducible.sh [COMMIT]   (HEAD)
# exit status: 0 the same, 1 not the same; the entries that differ are named
#
# Today the jar is not the same in some thirty of its classes, all written by Quarkus while it builds
# (io/quarkus/runner/recorded, io/quarkus/runtime/generated): it goes through the configuration in the order of a hash that
# differs from one JVM to the next, and numbers proxies ("proxykey51") in the order in which its parallel steps come by.
# Classes compiled from these sources, and from the libraries, are the same to the byte.
set -euo pipefail
cd "$(dirname "${BASH_SOURCE[0]}")/.."

work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT
# Folders of different names and depths, so that a path that slips into the artifact is seen.
builds=("$work/one" "$work/another/folder")

for build in "${builds[@]}"; do
  mkdir -p "$build"
  git archive "${1:-HEAD}" | tar -x -C "$build"
  printf 'building in %s\n' "$build" >&2
  (cd "$build" && ./mvnw --batch-mode --quiet package -DskipTests >"$work/log" 2>&1) || {
    cat "$work/log" >&2
    exit 1
  }
done

# The checksum of each entry, for a difference to be named.
entries() {
  local folder
  folder=$(mktemp -d -p "$work")
  unzip -qq "$1" -d "$folder"
  (cd "$folder" && find . -type f -exec sha256sum {} + | sort -k 2)
  rm -rf "$folder"
}

different=0
for artifact in cmek-onboarding-1.0.0-runner.jar bom.json; do
  first=${builds[0]}/target/$artifact
  second=${builds[1]}/target/$artifact
  if [[ ! -e $first && ! -e $second ]]; then
    printf 'not made      %s (Maven makes no bill of materials while it is offline)\n' "$artifact"
  elif cmp -s "$first" "$second"; then
    printf 'the same      %s  %s\n' "$(sha256sum "$first" | cut -d ' ' -f 1)" "$artifact"
  else
    printf 'NOT THE SAME  %s\n' "$artifact"
    different=1
    case $artifact in
      *.jar) diff <(entries "$first") <(entries "$second") || true ;;
      *) diff "$first" "$second" || true ;;
    esac
  fi
done
exit "$different"
