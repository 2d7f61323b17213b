#!/usr/bin/env bash
# run.sh [BINARY]: what editors/README.md says of Vim, in a real Vim with ALE, with this pyprep-lint (else the release build) as the
# first on PATH. PYPREP_TEST=words runs only the tests whose names match.
set -uo pipefail
cd "$(dirname "$0")/../../.."
tests/editors/install.sh vim || exit 1
binary=$(realpath --canonicalize-existing "${1:-${CARGO_TARGET_DIR:-target}/release/pyprep-lint}") || exit 1
scratch=$(mktemp -d)
trap 'rm -rf "$scratch"' EXIT

mkdir "$scratch/bin" "$scratch/home" "$scratch/files" && ln -s "$binary" "$scratch/bin/pyprep-lint"
tests/editors/configuration.sh Vim vim >"$scratch/vimrc" || exit 1
export PATH=$scratch/bin:$PATH HOME=$scratch/home XDG_CACHE_HOME=$scratch/cache PYPREP_SCRATCH=$scratch/files

timeout --kill-after=5 900 vim.nox -N -n -i NONE -u "$scratch/vimrc" -es -S tests/editors/vim/test.vim </dev/null >"$scratch/messages" 2>&1
status=$?
cat "$scratch/files/results" 2>/dev/null
[ $status = 0 ] || tail -n 40 "$scratch/messages"
if [ $status -ge 124 ]; then
  echo "FAIL Vim was not done after 900 s"
  echo "0 passed, 1 failed"
fi
exit $status
