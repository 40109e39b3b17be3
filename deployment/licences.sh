#!/usr/bin/env bash
# Lists the components of the product, one per line with its licence, from the bill of materials of the build.
#   deployment/licences.sh [BOM]   (target/bom.json, after ./mvnw package)
set -euo pipefail
cd "$(dirname "${BASH_SOURCE[0]}")/.."
jq -r '.components[]
  | [([.licenses[]? | .license.id // .license.name // .expression] | if length == 0 then "UNKNOWN" else join(" or ") end), "\(.group):\(.name)", .version]
  | @tsv' "${1:-target/bom.json}" | sort
