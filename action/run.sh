#!/usr/bin/env bash
# One step of GitHub Actions: finds or installs planfit, then runs it once. All inputs come from the environment, as
# PLANFIT_IN_…; bash 3.2 is enough.
set -euo pipefail

action_dir=$(cd "$(dirname "${BASH_SOURCE[0]}")" && pwd)
temp=${RUNNER_TEMP:?is set by the runner}
releases=https://github.com/planfit/planfit/releases/download
command=${PLANFIT_IN_COMMAND:-check}
bin=
args=()

# The runner keeps the last value of an output. This one holds until planfit has written its own, so that later steps find
# every output whatever ends this one, wrong usage too.
outputs() {
  [[ -z ${GITHUB_OUTPUT:-} ]] || printf '%s\n' "$@" >>"$GITHUB_OUTPUT"
}
outputs outcome=error findings-count=0 errors-count=0 warnings-count=0 notices-count=0 monthly-cost= monthly-delta= \
  json= sarif= junit= summary= comment= artifact-name= targets=

die() {
  printf '::error title=planfit::%s\n' "$1"
  exit 2
}

platform() {
  case "$(uname -s)/$(uname -m)" in
    Linux/x86_64) echo linux-x86_64 ;;
    Linux/aarch64 | Linux/arm64) echo linux-aarch64 ;;
    Darwin/x86_64) echo macos-x86_64 ;;
    Darwin/arm64) echo macos-aarch64 ;;
    *) return 1 ;;
  esac
}

sha256() {
  if command -v sha256sum >/dev/null; then sha256sum "$1"; else shasum -a 256 "$1"; fi | cut -d ' ' -f 1
}

# What is called in `a || b` runs without `set -e`, so each step that may fail says so itself.

# A name on PATH may be a shim that cannot run here (aqua-proxy), so it is asked.
from_path() {
  command -v planfit >/dev/null && planfit --version >/dev/null 2>&1 && bin=planfit
}

# The archive is kept, and checked on every run: what is unpacked has the checksum that this commit names.
from_release() {
  local version asset want cache archive part
  version=$(head -n 1 "$action_dir/version" 2>/dev/null) || return 1
  asset="planfit-$(platform).tar.gz" || return 1
  want=$(awk -v name="$asset" '$2 == name { print $1 }' "$action_dir/checksums.txt" 2>/dev/null) || return 1
  [[ $want =~ ^[0-9a-f]{64}$ ]] || return 1
  cache="${RUNNER_TOOL_CACHE:-$temp}/planfit/$want"
  archive="$cache/$asset"
  mkdir -p "$cache" "$temp/planfit-bin" || return 1
  if [[ ! -f $archive ]]; then
    # Under another name until it is whole: jobs may share the cache.
    part=$(mktemp "$cache/part.XXXXXX") || return 1
    if ! curl --fail --silent --show-error --location --proto '=https' --retry 3 \
      --output "$part" "$releases/v$version/$asset"; then
      rm -f "$part"
      return 1
    fi
    mv -f "$part" "$archive" || return 1
  fi
  if [[ $(sha256 "$archive") != "$want" ]]; then
    rm -f "$archive"
    die "checksum mismatch: $asset of release v$version is not what this version of the action expects"
  fi
  tar -xzf "$archive" -C "$temp/planfit-bin" planfit || return 1
  "$temp/planfit-bin/planfit" --version >/dev/null 2>&1 || return 1
  bin="$temp/planfit-bin/planfit"
}

# From the checkout of the action itself: exactly the commit that the workflow pins.
from_source() {
  command -v cargo >/dev/null || return 1
  printf 'planfit: building from source, which takes some minutes\n'
  CARGO_TARGET_DIR="$temp/planfit-target" \
    cargo install --locked --quiet --root "$temp/planfit-root" --path "$action_dir/.." || return 1
  bin="$temp/planfit-root/bin/planfit"
}

# lines OPTION TEXT: OPTION=LINE for each line that is not empty; without an option the line alone.
lines() {
  local line
  while IFS= read -r line; do
    line=${line%$'\r'}
    [[ -n $line ]] || continue
    args+=("${1:+$1=}$line")
  done <<<"$2"
}

case "$command" in
  check | targets | install) ;;
  *) die "command must be check, targets or install" ;;
esac
case "${PLANFIT_IN_CHANGED_ONLY:-false}" in
  true | false) ;;
  *) die "changed-only must be true or false" ;;
esac
case "${PLANFIT_IN_INSTALL:-auto}" in
  auto) from_path || from_release || from_source || true ;;
  path) from_path || true ;;
  release) from_release || true ;;
  source) from_source || true ;;
  *) die "install must be auto, path, release or source" ;;
esac
[[ -n $bin ]] || die "no planfit for $(uname -s)/$(uname -m) by this way of installing (install: ${PLANFIT_IN_INSTALL:-auto})"
if [[ $command == install ]]; then
  [[ $bin == planfit ]] || dirname "$bin" >>"${GITHUB_PATH:?is set by the runner}"
  outputs outcome=pass
  exit 0
fi

args+=("$command" --ci github)
lines --config "${PLANFIT_IN_CONFIG:-}"
lines --fail-level "${PLANFIT_IN_FAIL_LEVEL:-}"
lines --policies "${PLANFIT_IN_POLICIES:-}"
[[ ${PLANFIT_IN_CHANGED_ONLY:-false} != true ]] || args+=(--changed-only)
if [[ $command != targets ]]; then
  out=$(mktemp -d "$temp/planfit.XXXXXX")
  args+=("--output=json=$out/findings.json" "--output=sarif=$out/planfit.sarif")
  args+=("--output=junit=$out/junit.xml" "--output=markdown=$out/summary.md" "--output=comment=$out/comment.md")
  # Without it planfit looks at TFACTION_WORKING_DIR itself.
  lines --dir "${PLANFIT_IN_WORKING_DIRECTORY:-}"
fi
lines "" "${PLANFIT_IN_ARGS:-}"
# Behind the two dashes nothing is an option, whatever it is called.
args+=(--)
lines "" "${PLANFIT_IN_PLAN_JSON:-}"
lines "" "${PLANFIT_IN_PATHS:-}"
exec "$bin" "${args[@]}"
