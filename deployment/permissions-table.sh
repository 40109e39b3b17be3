#!/usr/bin/env bash
# Prints the table of permissions that terraform/README.md shows, from the file that Terraform grants them by.
set -euo pipefail
cd "$(dirname "${BASH_SOURCE[0]}")/.."
printf '| function | permission | where | why |\n| --- | --- | --- | --- |\n'
jq -r '.functions | to_entries[] | .key as $function | .value[]
  | "| `\($function)` | `\(.permission)` | \({"key-project": "key project", "evidence-bucket": "evidence bucket"}[.where])"
    + "\(if .optional then ", optional" else "" end)\(if .when then ", with \(.when)" else "" end) | \(.why) |"' terraform/permissions.json
