#!/usr/bin/env bash
# Prints the table of permissions in terraform/README.md from terraform/permissions.json, which Terraform grants.
set -euo pipefail
cd "$(dirname "${BASH_SOURCE[0]}")/.."
printf '| function | permission | where | resource condition | why |\n| --- | --- | --- | --- | --- |\n'
jq -r '
  def where: {"key-project": "key project", "evidence-bucket": "evidence bucket", "reports-bucket": "reports bucket"}[.where];
  def condition:
    if .objects then "objects below " + (.objects | map("`\(.)`") | join(", "))
    elif .where == "key-project" and (.permission | startswith("cloudkms.")) then "`key_rings`"
    else "none" end;
  .functions | to_entries[] | .key as $function | .value[]
  | "| `\($function)` | `\(.permission)` | \(where)"
    + "\(if .optional then ", optional" else "" end)\(if .when then ", with \(.when)" else "" end) | \(condition) | \(.why) |"' terraform/permissions.json
