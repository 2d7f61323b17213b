#!/usr/bin/env bash
# Tests the language server with pytest-lsp: a client written by others, with the capabilities of real editors. It lives in a
# virtual environment under target/, which is made anew when the requirements change.
set -euo pipefail
cd "$(dirname "$0")/../../.."
tests=tests/server/pytest_lsp
venv=target/pytest-lsp

if ! cmp -s "$tests/requirements.txt" "$venv/installed.txt"; then
  rm -rf "$venv"
  python3 -m venv "$venv"
  "$venv/bin/python" -m pip install --quiet --disable-pip-version-check -r "$tests/requirements.txt"
  cp "$tests/requirements.txt" "$venv/installed.txt"
fi

cargo build --quiet
export PYTHONDONTWRITEBYTECODE=1 PYPREP_LINT=$PWD/target/debug/pyprep-lint
# Pages that the server writes stay out of the user's own cache.
export XDG_CACHE_HOME=$PWD/$venv/cache
# Each wait in the tests is bounded; this bounds all of them.
timeout 300 "$venv/bin/python" -m pytest -c "$tests/pytest.ini" --rootdir "$tests" "$tests" "$@"
