#!/usr/bin/env bash
# configuration.sh HEADING LANGUAGE: the first block in this language below this heading of editors/README.md. The tests run what
# the page tells its readers to write.
set -euo pipefail
cd "$(dirname "$0")/../.."
awk -v heading="## $1" -v fence='```'"$2" '
  /^## / { here = ($0 == heading) }
  block && /^```$/ { done = 1; exit }
  block { print }
  here && $0 == fence { block = 1 }
  END { if (!done) { print "editors/README.md has no such block: " heading ", " fence > "/dev/stderr"; exit 1 } }
' editors/README.md
