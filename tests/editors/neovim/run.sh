#!/usr/bin/env bash
# run.sh [BINARY]: editors/neovim as a package of a real Neovim, with this pyprep-lint (else the release build) as the first on PATH.
# PYPREP_TEST=words runs only the tests whose names match.
set -uo pipefail
cd "$(dirname "$0")/../../.."
tests/editors/install.sh neovim || exit 1
binary=$(realpath --canonicalize-existing "${1:-${CARGO_TARGET_DIR:-target}/release/pyprep-lint}") || exit 1
nvim=$PWD/target/editors/neovim/bin/nvim
scratch=$(mktemp -d)
trap 'rm -rf "$scratch"' EXIT

mkdir "$scratch/bin" && ln -s "$binary" "$scratch/bin/pyprep-lint"
export PATH=$scratch/bin:$PATH
# Nothing of the one who runs this, and nothing left behind.
export XDG_CACHE_HOME=$scratch/cache XDG_STATE_HOME=$scratch/state XDG_DATA_HOME=$scratch/data XDG_CONFIG_HOME=$scratch/config
export PYPREP_SCRATCH=$scratch/files
mkdir "$PYPREP_SCRATCH"

# As a user installs it: a plain package, and a line in init.lua.
package=$XDG_DATA_HOME/nvim/site/pack/pyprep/start
mkdir -p "$package" "$XDG_CONFIG_HOME/nvim"
# A copy, since help tags are written into it.
cp -r editors/neovim "$package/pyprep_lint"
echo 'vim.lsp.enable("pyprep_lint")' >"$XDG_CONFIG_HOME/nvim/init.lua"

# What Neovim itself says goes to standard error.
timeout --kill-after=5 900 "$nvim" --headless -c "helptags $package/pyprep_lint/doc" \
  -c "autocmd VimEnter * ++nested luafile tests/editors/neovim/test.lua" </dev/null 2>"$scratch/messages"
status=$?
[ $status = 0 ] || cat "$scratch/messages"
if [ $status -ge 124 ]; then
  echo "FAIL Neovim was not done after 900 s"
  echo "0 passed, 1 failed"
fi
exit $status
