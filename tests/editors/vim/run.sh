#!/usr/bin/env bash
# run.sh [BINARY]: this pyprep-lint (else the release build) in Vim with ALE, configured as editors/README.md says.
# PYPREP_TEST=words runs only the tests whose names match.
set -uo pipefail
cd "$(dirname "$0")/../../.."
tests/editors/install.sh vim || exit 1
binary=$(realpath --canonicalize-existing "${1:-${CARGO_TARGET_DIR:-target}/release/pyprep-lint}") || exit 1
scratch=$(mktemp -d)
trap 'rm -rf "$scratch"' EXIT

mkdir "$scratch/bin" "$scratch/files" "$scratch/home" && ln -s "$binary" "$scratch/bin/pyprep-lint"
export PATH=$scratch/bin:$PATH HOME=$scratch/home XDG_CACHE_HOME=$scratch/cache PYPREP_SCRATCH=$scratch/files TERM=dumb
# The one block for Vim on the page.
sed -n '/^```vim$/,/^```$/{/^```/!p}' editors/README.md >"$scratch/recipe.vim"
export PYPREP_RECIPE=$scratch/recipe.vim PYPREP_RESULTS=$scratch/results

timeout --kill-after=5 600 vim.nox --not-a-term -N -i NONE -u tests/editors/vim/test.vim </dev/null >"$scratch/messages" 2>&1
ended=$?
[ -f "$scratch/results" ] && cat "$scratch/results"
if [ $ended != 0 ]; then
  cat "$scratch/messages"
  [ $ended != 124 ] && [ $ended != 137 ] || echo "FAIL Vim was not done after 600 s"
  [ -f "$scratch/results" ] || echo "0 passed, 1 failed"
  exit 1
fi
