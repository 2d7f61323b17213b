#!/usr/bin/env bash
# compare.sh [DIR]: whole-process times and memory of pyprep-lint with all rules, of ruff from PyPI with the five of its rules that
# mean the same mistakes, and of a bare parse, on the corpus (unpacked below DIR, target/corpus by default).
set -euo pipefail
cd "$(dirname "$0")/.."
corpus=${1:-$PWD/target/corpus}
benches/corpus.sh "$corpus"
[ -x target/ruff/bin/ruff ] || { python3 -m venv target/ruff && target/ruff/bin/pip install --quiet ruff; }
cargo build --quiet --release
whole=$(cargo bench --quiet --bench whole --no-run --message-format json |
  python3 -c 'import json, sys; print(*[m["executable"] for m in map(json.loads, sys.stdin)
  if m.get("executable") and m["target"]["name"] == "whole"])')
target/ruff/bin/ruff --version
python3 benches/compare.py "$corpus" target/release/pyprep-lint "$whole" target/ruff/bin/ruff
