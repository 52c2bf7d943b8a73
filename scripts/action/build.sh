#!/usr/bin/env bash
# Installs what pushbench is built of, as its lock file has it, and builds it in the action's own folder.
set -euo pipefail
cd "$GITHUB_ACTION_PATH"
# What builds it is a development dependency, which NODE_ENV=production of the job would leave out.
npm ci --include=dev --ignore-scripts --no-audit --no-fund </dev/null
npm run build </dev/null
