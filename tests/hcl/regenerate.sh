#!/usr/bin/env bash
# Writes expected.json of each fixture in fixtures/hcl anew, from what Terraform plans for it. Needs terraform, jq, and
# whatever `terraform init` needs to find the providers. Names of fixtures as arguments choose some.
set -euo pipefail

here=$(cd "$(dirname "${BASH_SOURCE[0]}")" && pwd)
fixtures=$here/../../fixtures/hcl
work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT
# Of the environment nothing may reach the variables.
for name in ${!TF_VAR_*}; do unset "$name"; done

[[ $# -gt 0 ]] || set -- $(cd "$fixtures" && ls)
for name in "$@"; do
  cp -R "$fixtures/$name" "$work/$name"
  cd "$work/$name"
  # No account is asked: the provider plans from its schema.
  cat >planfit_provider.tf <<'PROVIDER'
provider "aws" {
  region                      = "eu-west-1"
  access_key                  = "none"
  secret_key                  = "none"
  skip_credentials_validation = true
  skip_metadata_api_check     = true
  skip_region_validation      = true
  skip_requesting_account_id  = true
}
PROVIDER
  terraform init -input=false -no-color >init.log 2>&1 || { cat init.log >&2; exit 1; }
  terraform plan -input=false -no-color -refresh=false -lock=false -out=tfplan >plan.log 2>&1 || { cat plan.log >&2; exit 1; }
  terraform show -json tfplan | jq -S -f "$here/expected.jq" >"$fixtures/$name/expected.json"
  printf '%s: %s instances\n' "$name" "$(jq length "$fixtures/$name/expected.json")"
done
