#!/usr/bin/env bash
# Compares base and head in the current folder and writes outcome, exit-code, folder and report to $GITHUB_OUTPUT. Ends
# with 0 whatever the verdict is, so that the report is kept; verdict.sh ends the job.
set -euo pipefail

# A bare word is a git ref.
arm() {
  case "$1" in
    git:* | cmd:* | target:* | scenario:* | result:*) printf '%s' "$1" ;;
    *) printf 'git:%s' "$1" ;;
  esac
}

folder="$(mktemp -d "$RUNNER_TEMP/pushbench-XXXXXX")"
# With the sign of equality a value that begins with dashes stays a value.
arguments=("--base=$(arm "$INPUT_BASE")" "--head=$(arm "$INPUT_HEAD")")
if [[ -n "${INPUT_CONFIG:-}" ]]; then arguments+=("--config=$INPUT_CONFIG"); fi
if [[ -n "${INPUT_TARGET:-}" ]]; then arguments+=("--target=$INPUT_TARGET"); fi
if [[ -n "${INPUT_PAIRS:-}" ]]; then arguments+=("--pairs=$INPUT_PAIRS"); fi
if [[ -n "${INPUT_BUDGET:-}" ]]; then arguments+=("--budget=$INPUT_BUDGET"); fi
while IFS= read -r line; do
  line="${line%$'\r'}"
  if [[ -n "$line" ]]; then arguments+=("$line"); fi
done <<<"${INPUT_ARGUMENTS:-}"

code=0
node "$GITHUB_ACTION_PATH/dist/runner/main.js" compare --gate --github \
  "--out=$folder" "--junit=$folder/junit.xml" "${arguments[@]}" </dev/null || code=$?

case "$code" in
  0) outcome=pass ;;
  1) outcome=fail ;;
  3) outcome=inconclusive ;;
  *) outcome=error ;;
esac
{
  printf 'outcome=%s\n' "$outcome"
  printf 'exit-code=%s\n' "$code"
  printf 'folder=%s\n' "$folder"
  if [[ -f "$folder/report.html" ]]; then printf 'report=%s\n' "$folder/report.html"; fi
} >>"$GITHUB_OUTPUT"
