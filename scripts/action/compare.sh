#!/usr/bin/env bash
# Compares base and head in the current folder and writes outcome, exit-code, verdict, folder and report to $GITHUB_OUTPUT.
# Ends with 0 whatever the verdict is, so that the report is kept; verdict.sh ends the job.
set -euo pipefail

# Said before minutes are spent on measuring.
case "$INPUT_INCONCLUSIVE" in
  fail | warn) ;;
  *)
    echo '::error title=pushbench::The input "inconclusive" is neither fail nor warn.'
    exit 2
    ;;
esac

# A bare word is a git ref.
arm() {
  case "$1" in
    git:* | cmd:* | target:* | scenario:* | result:*) printf '%s' "$1" ;;
    *) printf 'git:%s' "$1" ;;
  esac
}

# What the head is measured against where nobody says. A pull request is checked out as the commit that merges it, whose
# first parent is what it is merged into now; the base that the event names may be older, and other people's merges since
# then would be blamed on this one.
default_base() {
  local merged
  merged="$(git rev-parse --verify --quiet 'HEAD^2^{commit}' 2>/dev/null || true)"
  if [[ -n "${PULL_REQUEST_HEAD:-}" && "$merged" == "$PULL_REQUEST_HEAD" ]]; then
    printf 'HEAD^1'
  elif [[ -n "${PULL_REQUEST_BASE:-}" ]]; then
    printf '%s' "$PULL_REQUEST_BASE"
  else
    printf 'HEAD^'
  fi
}

base="${INPUT_BASE:-$(default_base)}"
folder="$(mktemp -d "$RUNNER_TEMP/pushbench-XXXXXX")"
# With the sign of equality a value that begins with dashes stays a value.
arguments=("--base=$(arm "$base")" "--head=$(arm "$INPUT_HEAD")")
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

# What the gate said of what was measured: there may be a verdict although something failed beside it.
verdict="$(node -e '
  try {
    const { outcome } = JSON.parse(require("node:fs").readFileSync(process.argv[1], "utf8")).comparison;
    if (["pass", "fail", "inconclusive"].includes(outcome)) process.stdout.write(outcome);
  } catch {}' "$folder/results.json")"

case "$code" in
  0) outcome=pass ;;
  1) outcome=fail ;;
  3) outcome=inconclusive ;;
  # Worse is worse, whatever else went wrong.
  4) if [[ "$verdict" == fail ]]; then outcome=fail; else outcome=error; fi ;;
  *) outcome=error ;;
esac
{
  printf 'outcome=%s\n' "$outcome"
  printf 'exit-code=%s\n' "$code"
  printf 'verdict=%s\n' "$verdict"
  printf 'folder=%s\n' "$folder"
  if [[ -f "$folder/report.html" ]]; then printf 'report=%s\n' "$folder/report.html"; fi
} >>"$GITHUB_OUTPUT"
