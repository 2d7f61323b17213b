#!/usr/bin/env bash
# Everything that has to hold, in one command: format, lints, all tests, the proofs against CPython, real code, real editors.
# Installs what it needs on a fresh Debian with Rust, Node and Python; what is there already is left alone.
# Exits non-zero when anything failed, after having run everything.
set -uo pipefail
cd "$(dirname "$0")/.."

failed=()
step() {
  local name=$1
  shift
  printf '\n== %s\n' "$name"
  "$@" || failed+=("$name")
}

as_root() {
  if [ "$(id -u)" = 0 ]; then "$@"; else sudo "$@"; fi
}

# Debian keeps the test suite of the standard library, pip, and what makes virtual environments in packages of their own.
install_python() {
  local packages=()
  python3 -c 'import test.test_symtable' 2>/dev/null || packages+=(libpython3-testsuite)
  python3 -m pip --version >/dev/null 2>&1 || packages+=(python3-pip)
  python3 -c 'import ensurepip' 2>/dev/null || packages+=(python3-venv)
  [ ${#packages[@]} = 0 ] && return 0
  echo "installing ${packages[*]}"
  as_root apt-get update -qq && as_root apt-get install -y -qq --no-install-recommends "${packages[@]}"
}

export PYPREP_CORPUS=${PYPREP_CORPUS:-$PWD/target/corpus}

step "what the tests need of Python" install_python
step "real code to read (15 packages)" benches/corpus.sh "$PYPREP_CORPUS"
step "format" cargo fmt --check
step "lints" cargo clippy --quiet --all-targets -- -D warnings
step "tests" cargo test --no-fail-fast
step "the guide's web site in a browser" tests/site/run.sh
step "the proofs against CPython, seeds and real code" \
  cargo test --no-fail-fast --test symtable --test syntax --test seeding --test corpus --test values -- --ignored --nocapture --skip claims
step "the server with a client written by others" tests/server/pytest_lsp/run.sh
step "release build" cargo build --quiet --release
step "VS Code" tests/editors/vscode/run.sh
step "Neovim" tests/editors/neovim/run.sh
step "Emacs" tests/editors/emacs/run.sh
step "Vim" tests/editors/vim/run.sh

printf '\n'
if [ ${#failed[@]} -gt 0 ]; then
  printf 'FAILED: %s\n' "${failed[@]}"
  exit 1
fi
echo "all steps passed"
