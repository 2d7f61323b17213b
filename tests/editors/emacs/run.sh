#!/usr/bin/env bash
# run.sh [BINARY]: what editors/README.md says of Emacs, in a real Emacs with eglot, with this pyprep-lint (else the release build)
# as the first on PATH. PYPREP_TEST=words runs only the tests whose names match.
set -uo pipefail
cd "$(dirname "$0")/../../.."
tests/editors/install.sh emacs || exit 1
binary=$(realpath --canonicalize-existing "${1:-${CARGO_TARGET_DIR:-target}/release/pyprep-lint}") || exit 1
scratch=$(mktemp -d)
trap 'rm -rf "$scratch"' EXIT

mkdir "$scratch/bin" "$scratch/home" "$scratch/files" && ln -s "$binary" "$scratch/bin/pyprep-lint"
tests/editors/configuration.sh Emacs elisp >"$scratch/init.el" || exit 1
export PATH=$scratch/bin:$PATH HOME=$scratch/home XDG_CACHE_HOME=$scratch/cache PYPREP_SCRATCH=$scratch/files

# What Emacs itself says goes to standard error.
timeout --kill-after=5 900 emacs --batch -q -l package -f package-initialize -l "$scratch/init.el" -l tests/editors/emacs/test.el \
  </dev/null 2>"$scratch/messages"
status=$?
[ $status = 0 ] || tail -n 40 "$scratch/messages"
if [ $status -ge 124 ]; then
  echo "FAIL Emacs was not done after 900 s"
  echo "0 passed, 1 failed"
fi
exit $status
