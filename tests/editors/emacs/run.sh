#!/usr/bin/env bash
# run.sh [BINARY]: this pyprep-lint (else the release build) in Emacs, once with eglot and once with lsp-mode, both configured as
# editors/README.md says. PYPREP_TEST=words runs only the tests whose names match.
set -uo pipefail
cd "$(dirname "$0")/../../.."
tests/editors/install.sh emacs || exit 1
binary=$(realpath --canonicalize-existing "${1:-${CARGO_TARGET_DIR:-target}/release/pyprep-lint}") || exit 1
scratch=$(mktemp -d)
trap 'rm -rf "$scratch"' EXIT

mkdir "$scratch/bin" "$scratch/files" "$scratch/home" && ln -s "$binary" "$scratch/bin/pyprep-lint"
export PATH=$scratch/bin:$PATH HOME=$scratch/home XDG_CACHE_HOME=$scratch/cache PYPREP_SCRATCH=$scratch/files
# Where Emacs looks for a project's root.
git -C "$scratch/files" init --quiet

status=0
for client in eglot lsp-mode; do
  printf '\nEmacs with %s\n' "$client"
  timeout --kill-after=5 600 emacs --batch -q -L tests/editors/emacs -l "$PWD/tests/editors/emacs/$client-tests.el" \
    --eval "(ert-run-tests-batch-and-exit ${PYPREP_TEST:+\"$PYPREP_TEST\"})" </dev/null >"$scratch/log" 2>&1
  ended=$?
  if [ $ended = 0 ]; then grep -E '^ +(passed|skipped)|^Ran ' "$scratch/log"; else cat "$scratch/log"; status=1; fi
  [ $ended != 124 ] && [ $ended != 137 ] || echo "FAIL Emacs with $client was not done after 600 s"
done
exit $status
