#!/usr/bin/env bash
# What tests in a browser need: Debian's chromium and npm's playwright-core, installed where they are missing.
set -euo pipefail
cd "$(dirname "$0")"

as_root() {
  if [ "$(id -u)" = 0 ]; then "$@"; else sudo "$@"; fi
}

give_up() {
  echo "tests in a browser: $1 is not here and can't be installed; is there a network?" >&2
  exit 1
}

if ! command -v chromium >/dev/null; then
  echo "installing chromium"
  as_root apt-get update -qq && as_root apt-get install -y -qq --no-install-recommends chromium fonts-dejavu-core ||
    give_up chromium
fi
# npm leaves a copy of the lock file beside what it has installed.
if ! [ node_modules/.package-lock.json -nt package-lock.json ]; then
  echo "installing playwright-core"
  npm ci --silent --no-audit --no-fund || give_up playwright-core
fi
