#!/usr/bin/env bash
# Debian packages of tools/system_packages.txt that are not on the machine yet.
#
#   setup_system.sh [run|test]
. "$(dirname "$0")/common.sh"

wanted() {
    local kinds=run
    use_private_cluster && kinds="$kinds server"
    [ "$1" != test ] || kinds="$kinds test"
    awk -v kinds=" $kinds " '!/^#/ && index(kinds, " " $1 " ") { print $2 }' "$ROOT/tools/system_packages.txt"
}

missing() {
    local package
    for package in $(wanted "$1"); do
        [ "$(dpkg-query -W -f '${db:Status-Status}' "$package" 2>/dev/null)" = installed ] || echo "$package"
    done
}

as_root() {
    if [ "$(id -u)" -eq 0 ]; then
        "$@"
    else
        sudo "$@"
    fi
}

install() {
    as_root apt-get -q update
    # shellcheck disable=SC2086 # a list of words
    as_root env DEBIAN_FRONTEND=noninteractive apt-get -q install -y --no-install-recommends $packages
}

if ! command -v dpkg-query >/dev/null; then
    say "System: not a Debian machine; the packages of tools/system_packages.txt must be there under their names here"
    exit 0
fi
packages=$(missing "${1:-run}" | tr "\n" " ")
packages=${packages% }
[ -n "$packages" ] || exit 0

if [ "$(id -u)" -ne 0 ]; then
    command -v sudo >/dev/null ||
        die "Debian packages are missing and there is no sudo: ask an administrator to run 'apt-get install $packages'."
    say "System: sudo may ask for your password to install Debian packages"
    sudo -v || die "You have no right to install Debian packages: ask an administrator to run 'apt-get install $packages'."
fi
require_space 2500
say "System: installing Debian packages: $packages"
logged system "The Debian packages could not be installed: run 'apt-get install $packages' as an administrator and mend what it says" install
