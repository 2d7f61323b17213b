#!/usr/bin/env bash
# package.sh [BINARY]: packs the extension, with the linter in it, to target/pyprep-lint-PLATFORM.vsix and prints that path.
# Without BINARY the release binary is built first. Another platform than this one: PLATFORM=darwin-arm64 package.sh BINARY
set -euo pipefail
cd "$(dirname "$0")"
root=$(cd ../.. && pwd)

binary=${1:-}
if [ -z "$binary" ]; then
  cargo build --release --manifest-path "$root/Cargo.toml" >&2
  binary=${CARGO_TARGET_DIR:-$root/target}/release/pyprep-lint
fi
case $(uname -s)-$(uname -m) in
  Linux-x86_64) here=linux-x64 ;;
  Linux-aarch64) here=linux-arm64 ;;
  Darwin-x86_64) here=darwin-x64 ;;
  Darwin-arm64) here=darwin-arm64 ;;
  *) here= ;;
esac
platform=${PLATFORM:-${here:?say which one: PLATFORM=win32-x64}}
vsix=$root/target/pyprep-lint-$platform.vsix

# npm leaves this file behind when it has installed all that the lock file asks for.
if ! [ node_modules/.package-lock.json -nt package-lock.json ] && ! npm ci --no-audit --no-fund --silent >&2; then
  echo "the extension cannot be packed: the npm packages of its lock file could not be had (is there a network?)" >&2
  exit 1
fi
npm run --silent check >&2
npm run --silent build -- --log-level=warning >&2

rm -rf bin && mkdir bin
trap 'rm -rf bin' EXIT
install -m 755 "$binary" "bin/pyprep-lint$([[ $platform = win32-* ]] && echo .exe || true)"
# The README's pictures are in the package, not on a web site.
npx vsce package --target "$platform" --no-dependencies --allow-missing-repository --no-rewrite-relative-links --out "$vsix" >&2
echo "$vsix"
