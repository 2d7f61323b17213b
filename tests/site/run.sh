#!/usr/bin/env bash
# The guide's web site in a real browser. Installs Debian's chromium and npm's playwright-core where they are missing.
set -euo pipefail
cd "$(dirname "$0")"

as_root() {
  if [ "$(id -u)" = 0 ]; then "$@"; else sudo "$@"; fi
}

give_up() {
  echo "site tests: $1 is not here and can't be installed; is there a network?" >&2
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

site=$(mktemp -d)
trap 'rm -rf "$site"' EXIT
cargo run --quiet -- guide --html "$site"
SITE=$site timeout 900 node --test
