#!/usr/bin/env bash
# The whole service on this machine, every outside world simulated: deployment/sandbox.sh --help
# Needs a JDK of 17 or later and nothing else; builds what is missing or older than its sources.
set -euo pipefail

exec "$(dirname "${BASH_SOURCE[0]}")/simulated.sh" cmek.sandbox.Sandbox "$@"
