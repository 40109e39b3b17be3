#!/usr/bin/env bash
# Builds the committed sources twice, in two folders, and compares the artifacts byte by byte.
#   deployment/reproducible.sh [COMMIT]   (HEAD)
# exit status: 0 the same, 1 not the same; the different entries are listed
#
# At present about thirty classes of the jar differ. Quarkus generates all of them during the build
# (io/quarkus/runner/recorded, io/quarkus/runtime/generated): it iterates over the configuration in a hash order that differs
# between JVMs, and numbers proxies ("proxykey51") in the order of its parallel build steps. All other classes, from these
# sources and from the libraries, are identical.
set -euo pipefail
cd "$(dirname "${BASH_SOURCE[0]}")/.."

work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT
# Folders with different names and depths, so that a path in an artifact is noticed.
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

# The checksum of each entry, to list the differences.
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
    printf 'not built     %s (Maven does not create a bill of materials while it is offline)\n' "$artifact"
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
