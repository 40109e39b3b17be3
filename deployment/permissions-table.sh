#!/usr/bin/env bash
# Prints the table of permissions in terraform/README.md from terraform/permissions.json, which Terraform grants.
set -euo pipefail
cd "$(dirname "${BASH_SOURCE[0]}")/.."
printf '| function | permission | where | why |\n| --- | --- | --- | --- |\n'
jq -r '.functions | to_entries[] | .key as $function | .value[]
  | "| `\($function)` | `\(.permission)` | \({"key-project": "key project", "evidence-bucket": "evidence bucket", "evidence-requests": "objects `requests/…` of the evidence bucket"}[.where])"
    + "\(if .optional then ", optional" else "" end)\(if .when then ", with \(.when)" else "" end) | \(.why) |"' terraform/permissions.json
