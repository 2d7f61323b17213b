#!/usr/bin/env bash
# latency.sh: how long an editor waits for the language servers of pyprep-lint and of ruff (from PyPI, with the five of its rules
# that mean the same mistakes), keystroke by keystroke, side by side, on the standard library's `_pydecimal.py`.
set -euo pipefail
cd "$(dirname "$0")/.."
[ -x target/ruff/bin/ruff ] || { python3 -m venv target/ruff && target/ruff/bin/pip install --quiet ruff; }
cargo build --quiet --release
target/ruff/bin/ruff --version
exec python3 benches/latency.py target/release/pyprep-lint target/ruff/bin/ruff
