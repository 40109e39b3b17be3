#!/usr/bin/env bash
# Checks everything that deploys the service with the tools that are installed, and prints which checks it skipped.
#   TERRAFORM  the terraform command (default: terraform)
set -euo pipefail
cd "$(dirname "${BASH_SOURCE[0]}")/.."

terraform=${TERRAFORM:-terraform}
failed=0
skipped=0

check() {
  local what=$1 output
  shift
  if output=$("$@" 2>&1); then
    printf 'ok       %s\n' "$what"
  else
    printf 'FAILED   %s\n%s\n' "$what" "$output"
    failed=$((failed + 1))
  fi
}

skip() {
  printf 'skipped  %s: %s is not installed\n' "$1" "$2"
  skipped=$((skipped + 1))
}

# Terraform must not manage keys, because it could destroy them.
no_key_in_terraform() {
  ! grep -rnE --include='*.tf' '^[[:space:]]*(resource|data|import|removed)?[[:space:]]*"?google_kms_' terraform
}

# No account has a key that could be stolen: the functions run as their accounts.
no_key_of_an_account() {
  ! grep -rnE --include='*.tf' 'google_service_account_key' terraform
}

# Nothing may be granted to the public.
no_public_member() {
  ! grep -rnE --include='*.tf' '(member|members)[[:space:]]*=.*all(Authenticated)?Users' terraform
}

table_is_current() {
  diff <(sed -n '/<!-- permissions -->/,/<!-- \/permissions -->/p' terraform/README.md | grep '^|') <(deployment/permissions-table.sh)
}

check 'no key in Terraform' no_key_in_terraform
check 'no key of a service account' no_key_of_an_account
check 'nothing open to the public' no_public_member

if command -v "$terraform" >/dev/null; then
  check 'terraform fmt' "$terraform" fmt -check -diff -recursive terraform
  for module in terraform terraform/modules/*; do
    if init=$("$terraform" -chdir="$module" init -backend=false -input=false 2>&1); then
      check "$module: validate" "$terraform" -chdir="$module" validate
      check "$module: test" "$terraform" -chdir="$module" test
    elif [[ $init == *'Failed to query available provider packages'* ]]; then
      printf 'skipped  %s: validate and test: the providers cannot be downloaded here\n' "$module"
      skipped=$((skipped + 1))
    else
      printf 'FAILED   %s: init\n%s\n' "$module" "$init"
      failed=$((failed + 1))
    fi
  done
else
  skip 'fmt, validate and test of terraform' "$terraform"
fi

if command -v jq >/dev/null; then
  check 'permissions in terraform/README.md' table_is_current
else
  skip 'permissions in terraform/README.md' jq
fi

if command -v shellcheck >/dev/null; then
  check shellcheck shellcheck deployment/*.sh deployment/cmek .ci/run .ci/repeat
else
  skip 'scripts' shellcheck
fi

if command -v yamllint >/dev/null; then
  check yamllint yamllint --strict -c deployment/yamllint.yaml deployment/*.yaml
else
  skip 'Cloud Build files' yamllint
fi

if command -v hadolint >/dev/null; then
  check hadolint hadolint deployment/Containerfile deployment/Containerfile.jvm
else
  skip 'deployment/Containerfile' hadolint
fi

printf '%d failed, %d skipped\n' "$failed" "$skipped"
((failed == 0))
