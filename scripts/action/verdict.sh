#!/usr/bin/env bash
# Ends the job as the gate says. GitHub knows only red and green: an inconclusive gate is green with a warning, or red
# where `inconclusive: fail` asks for it.
set -euo pipefail
case "$INPUT_INCONCLUSIVE" in
  fail | warn) ;;
  *)
    echo '::error title=pushbench::The input "inconclusive" is neither fail nor warn.'
    exit 2
    ;;
esac
case "$INPUT_EXIT_CODE" in
  0) exit 0 ;;
  1)
    echo 'The head is worse than the base: see the summary of this job.'
    exit 1
    ;;
  3)
    echo '::warning title=pushbench::The gate is inconclusive: the noise hides what it should judge. This is no pass.'
    if [[ "$INPUT_INCONCLUSIVE" == fail ]]; then exit 3; fi
    ;;
  *)
    echo '::error title=pushbench::Nothing was judged: see what the comparison says above.'
    exit 4
    ;;
esac
