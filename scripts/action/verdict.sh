#!/usr/bin/env bash
# Ends the job as the gate says. GitHub knows only red and green: an inconclusive gate is green with a warning, or red
# where `inconclusive: fail` asks for it.
set -euo pipefail
case "$INPUT_EXIT_CODE" in
  0) exit 0 ;;
  1)
    echo 'The head is worse than the base: see the summary of this job.'
    exit 1
    ;;
  3)
    echo '::warning title=pushbench::The gate is inconclusive: the noise hides what it should judge. This is no pass.'
    if [[ "$INPUT_INCONCLUSIVE" != warn ]]; then exit 3; fi
    ;;
  4)
    case "${INPUT_VERDICT:-}" in
      '') echo '::error title=pushbench::Nothing was judged: see what the comparison says above.' ;;
      fail) echo '::error title=pushbench::The head is worse than the base, and something failed beside that: see the summary of this job.' ;;
      *) echo "::error title=pushbench::Something failed, such as a trial of the head. Of the rest the gate says: $INPUT_VERDICT. See the summary of this job." ;;
    esac
    exit 4
    ;;
  130 | 143)
    echo '::error title=pushbench::The comparison was interrupted before it was done.'
    exit 4
    ;;
  *)
    echo '::error title=pushbench::Nothing was judged: see what the comparison says above.'
    exit 4
    ;;
esac
