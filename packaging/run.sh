#!/usr/bin/env bash
# Installs what Attune needs, builds it, and opens it on the demonstration session.
set -euo pipefail

usage() {
    cat <<'TEXT'
Usage: packaging/run.sh [--check | --install-rust] [ARGUMENT ...]

Installs what Attune needs and is missing (with apt-get; asks for sudo only then), builds it with
optimisation, and opens its window. Without arguments the window shows the demonstration session; arguments
go to the program 'attune', for instance a video. Running it again installs and builds nothing anew.

  --check         say what is missing, install nothing; exit status 1 if anything is
  --install-rust  install Rust with rustup for this user if it is missing
  --help          this text (packaging/run.sh -- --help is the help of attune)
  --              the arguments after this go to attune

For Debian 12, Debian 13 and Ubuntu 24.04.
TEXT
}

here=$PWD
root=$(cd "$(dirname "${BASH_SOURCE[0]}")/.." && pwd)
cd "$root"
# shellcheck source=packaging/linux/packages.sh
. packaging/linux/packages.sh

check=no install_rust=no
while [[ $# -gt 0 ]]; do
    case $1 in
    --check) check=yes ;;
    --install-rust) install_rust=yes ;;
    --help) usage && exit ;;
    --) shift && break ;;
    *) break ;;
    esac
    shift
done

needed=("${build_packages[@]}" "${window_packages[@]}" "${dialog_packages[@]}")
check_system
find_cargo
if [[ $check = yes ]]; then
    check_only "${needed[@]}"
fi
install_packages "${needed[@]}"
ensure_rust "$install_rust"

say "Building Attune (the first time takes some minutes)."
cargo build --release --locked --bin attune
target=$(cd "${CARGO_TARGET_DIR:-target}" && pwd)

cd "$here"
if [[ $# -eq 0 ]]; then
    set -- demo
fi
say "Starting: attune $*"
exec "$target/release/attune" "$@"
