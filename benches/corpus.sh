#!/usr/bin/env bash
# corpus.sh DIR: unpacks 15 well-known Python packages (about 4,500 files, 62 MB) below DIR, for trying rules on real code.
# Wheels are fetched with pip by name; a finished DIR is left as it is.
set -euo pipefail
dir=${1:?usage: corpus.sh DIR}
[ -e "$dir/.done" ] && exit 0
mkdir -p "$dir/.wheels"
python3 -m pip download --quiet --no-deps --dest "$dir/.wheels" \
  Django==5.2.19 SQLAlchemy==2.1.9 sympy==1.14.0 celery==5.7.0 pytest==9.2.0 fastapi==0.165.0 requests==2.34.2 Flask==3.1.3 \
  rich==15.0.0 black==26.10.1 aiohttp==3.14.5 Scrapy==2.19.0 networkx==3.6.1 tornado==6.6.1 pip==26.3
for wheel in "$dir"/.wheels/*.whl; do
  name=$(basename "$wheel"); name=${name%%-*}
  mkdir -p "$dir/$name" && python3 -m zipfile -e "$wheel" "$dir/$name"
done
rm -rf "$dir/.wheels" && touch "$dir/.done"
