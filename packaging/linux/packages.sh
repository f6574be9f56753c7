# Shared by run.sh and test.sh: what the machine must have, what is missing, and how it is installed.
# Sourced, not run. The names are those of Debian 12, Debian 13 and Ubuntu 24.04, where they are the same.
# shellcheck shell=bash disable=SC2034 # the lists are used by the scripts that source this

# Needed to compile. libasound2-dev brings the sound library, whose own name differs between the releases.
build_packages=(
    build-essential pkg-config clang libclang-dev
    libavcodec-dev libavfilter-dev libavformat-dev libavutil-dev libswresample-dev libswscale-dev
    libasound2-dev
)

# Loaded by the window when it opens: X11, Wayland, OpenGL and Vulkan, with software drawing as a last resort.
window_packages=(
    libx11-6 libx11-xcb1 libxcursor1 libxi6 libxrandr2 libxkbcommon0 libxkbcommon-x11-0
    libwayland-client0 libwayland-egl1
    libegl1 libgl1 libgl1-mesa-dri libvulkan1 mesa-vulkan-drivers
)

# File dialogs: the desktop's own through its portal, else zenity.
dialog_packages=(xdg-desktop-portal xdg-desktop-portal-gtk zenity)

# Test videos, a screen without a monitor, hands for it, a witness that nothing is sent anywhere, and a typesetter for the manual.
test_packages=(ffmpeg xvfb xauth xdotool strace groff-base)

say() {
    printf '%s\n' "$*" >&2
}

fail() {
    say "$*"
    exit 1
}

# Says which of the packages named are not installed, one a line.
missing_packages() {
    local package
    for package in "$@"; do
        if [[ $(dpkg-query -W -f '${db:Status-Status}' "$package" 2>/dev/null) != installed ]]; then
            printf '%s\n' "$package"
        fi
    done
}

# Stops on systems that have no Debian packages, and warns on those that nobody has tried.
check_system() {
    local name=this\ system release=
    if [[ -r /etc/os-release ]]; then
        # shellcheck source=/dev/null
        name=$(. /etc/os-release && printf '%s' "${PRETTY_NAME:-$ID}")
        # shellcheck source=/dev/null
        release=$(. /etc/os-release && printf '%s %s' "${ID:-}" "${VERSION_ID:-}")
    fi
    if ! command -v dpkg-query >/dev/null || ! command -v apt-get >/dev/null; then
        fail "$name has no apt-get. Install what corresponds to these Debian packages, and Rust, then run" \
            "'cargo run --release': ${build_packages[*]} ${window_packages[*]}"
    fi
    case $release in
    'debian 12' | 'debian 13' | 'ubuntu 24.04') ;;
    *) say "$name is none of Debian 12, Debian 13 and Ubuntu 24.04; package names may differ." ;;
    esac
}

# Installs the packages named that are missing; touches nothing when none is.
install_packages() {
    local missing as_root=()
    mapfile -t missing < <(missing_packages "$@")
    if [[ ${#missing[@]} -eq 0 ]]; then
        return
    fi
    if [[ $EUID -ne 0 ]]; then
        command -v sudo >/dev/null || fail "Installing needs root, and there is no sudo. Have root run:" \
            "apt-get update && apt-get install --no-install-recommends ${missing[*]}"
        as_root=(sudo)
    fi
    say "Installing: ${missing[*]}"
    "${as_root[@]}" apt-get update -q
    "${as_root[@]}" env DEBIAN_FRONTEND=noninteractive \
        apt-get install -q -y --no-install-recommends -o DPkg::Lock::Timeout=300 "${missing[@]}"
}

# The Rust that Cargo.toml asks for at least: 1.95.
needed_rust() {
    sed -n 's/^rust-version = "\(.*\)"/\1/p' Cargo.toml
}

# Finds cargo also where rustup puts it before the next login.
find_cargo() {
    if ! command -v cargo >/dev/null && [[ -x ${CARGO_HOME:-$HOME/.cargo}/bin/cargo ]]; then
        PATH=${CARGO_HOME:-$HOME/.cargo}/bin:$PATH
    fi
}

# Says what is wrong with the Rust of this machine; silent when it will do. With rustup any will do: it fetches the
# one that rust-toolchain.toml names.
missing_rust() {
    local found
    if ! command -v cargo >/dev/null; then
        printf 'Rust (cargo)\n'
    elif ! command -v rustup >/dev/null; then
        found=$(cargo --version | cut -d' ' -f2)
        if [[ $(printf '%s\n' "$(needed_rust)" "$found" | sort -V | head -n 1) != "$(needed_rust)" ]]; then
            printf 'Rust %s or newer (cargo is %s)\n' "$(needed_rust)" "$found"
        fi
    fi
}

# Stops with advice, or installs Rust for this user when the first argument is 'yes'.
ensure_rust() {
    local missing
    missing=$(missing_rust)
    if [[ -z $missing ]]; then
        return
    elif [[ $1 != yes ]]; then
        fail "Missing: $missing. Either run this again with --install-rust, which runs rustup's installer for this" \
            "user, or follow https://rustup.rs yourself; then run this again."
    fi
    install_packages ca-certificates curl
    say "Installing Rust for ${USER:-this user} with rustup's installer."
    curl --proto '=https' --tlsv1.2 --fail --silent --show-error https://sh.rustup.rs |
        sh -s -- -y --profile minimal --default-toolchain none
    PATH=${CARGO_HOME:-$HOME/.cargo}/bin:$PATH
}

# Says what is missing and installs nothing; the exit status tells whether anything is.
check_only() {
    local missing
    mapfile -t missing < <(missing_packages "$@" && missing_rust)
    if [[ ${#missing[@]} -eq 0 ]]; then
        say "Nothing is missing."
        exit 0
    fi
    say "Missing:"
    printf '  %s\n' "${missing[@]}"
    exit 1
}
