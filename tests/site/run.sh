#!/usr/bin/env bash
# The guide's web site in a real browser.
set -euo pipefail
cd "$(dirname "$0")"

../browser.sh

site=$(mktemp -d)
trap 'rm -rf "$site"' EXIT
cargo run --quiet -- guide --html "$site"
SITE=$site timeout 900 node --test
