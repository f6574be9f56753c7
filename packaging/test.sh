#!/usr/bin/env bash
# Installs what the tests need, and runs every check of the project.
set -euo pipefail

usage() {
    cat <<'TEXT'
Usage: packaging/test.sh [--check | --install-rust]

Installs what the tests need and is missing (with apt-get; asks for sudo only then), then runs the checks:
formatting, clippy, documentation, and all tests. Running it again installs nothing.

  --check         say what is missing, install nothing; exit status 1 if anything is
  --install-rust  install Rust with rustup for this user if it is missing
  --help          this text

Tests that read real files of other programs look for them in the folder that ATTUNE_SAMPLES names, and say so
where it is not set. For Debian 12, Debian 13 and Ubuntu 24.04.
TEXT
}

cd "$(dirname "${BASH_SOURCE[0]}")/.."
# shellcheck source=packaging/linux/packages.sh
. packaging/linux/packages.sh

check=no install_rust=no
for option in "$@"; do
    case $option in
    --check) check=yes ;;
    --install-rust) install_rust=yes ;;
    --help) usage && exit ;;
    *)
        usage >&2
        exit 2
        ;;
    esac
done

needed=("${build_packages[@]}" "${window_packages[@]}" "${test_packages[@]}")
check_system
find_cargo
if [[ $check = yes ]]; then
    check_only "${needed[@]}"
fi
install_packages "${needed[@]}"
ensure_rust "$install_rust"

run() {
    say "+ $*"
    "$@"
}

run cargo fmt --all --check
run cargo clippy --workspace --all-targets --locked -- -D warnings
RUSTDOCFLAGS='-D warnings' run cargo doc --workspace --no-deps --locked
if command -v cargo-deny >/dev/null; then
    run cargo deny --locked check licenses bans sources
else
    say "cargo-deny is not installed: licences and banned crates are not checked (deny.toml)."
fi

# All tests, and one line with their number: a green run without tests must not look like one with them.
log=$(mktemp)
trap 'rm -f "$log"' EXIT
status=0
run cargo test --workspace --no-fail-fast --locked 2>&1 | tee "$log" || status=$?
awk '/^test result:/ { passed += $4; failed += $6; skipped += $8 }
    END { printf "%d passed, %d failed, %d skipped\n", passed, failed, skipped; exit passed == 0 }' "$log" || status=1
exit "$status"
