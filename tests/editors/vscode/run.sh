#!/usr/bin/env bash
# run.sh [BINARY]: packs the extension with this pyprep-lint (else the release build), and tests it in a real VS Code.
# PYPREP_TEST=words runs only the tests whose names match. Pictures of what was seen are in target/editors/screenshots; those in
# both themes are for the README: cp target/editors/screenshots/*-{dark,light}.png editors/vscode/images/
set -euo pipefail
cd "$(dirname "$0")/../../.."
tests/editors/install.sh vscode
binary=$(realpath --canonicalize-existing "${1:-${CARGO_TARGET_DIR:-target}/release/pyprep-lint}")
vsix=$(editors/vscode/package.sh "$binary")
exec node tests/editors/vscode/run.mjs "$vsix"
