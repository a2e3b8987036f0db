#!/usr/bin/env bash
# Tries the repository as it is committed on a fresh Debian 12, made with debootstrap in FOLDER.
# Needs root, debootstrap and about 8 GB. The fresh machine has what a bare one has and make, git
# and sudo; it reaches the same registries as this machine.
#
#   try_fresh.sh FOLDER root|user COMMAND…   each COMMAND in turn, with its time
#   try_fresh.sh FOLDER user 'make run' 'make run' 'make stop' 'make test'
set -euo pipefail

repository=$(cd "$(dirname "$0")/.." && pwd)
mkdir -p "$1"
folder=$(cd "$1" && pwd)
who=$2
shift 2
base=$folder/base
machine=$folder/$who

debian_sources() {
    apt-get indextargets --format '$(RELEASE) $(COMPONENT) $(REPO_URI)' 'Created-By: Packages' |
        awk '$1 ~ /^bookworm/ && $2 == "main" { print "deb " $3 " " $1 " main" }'
}

make_base() {
    local mirror
    mirror=$(debian_sources | awk '$3 == "bookworm" { print $2; exit }')
    rm -rf "$base.part"
    debootstrap --variant=minbase --include=ca-certificates,git,make,sudo bookworm "$base.part" "$mirror" >"$folder/debootstrap.log"
    mv "$base.part" "$base"
}

# What lets the fresh machine reach the registries, and nothing else.
connect() {
    local file
    debian_sources >"$machine/etc/apt/sources.list"
    cp /etc/resolv.conf /etc/hosts "$machine/etc/"
    for file in /etc/apt/apt.conf.d/*; do
        [ -e "$machine$file" ] || cp "$file" "$machine/etc/apt/apt.conf.d/"
    done
    for file in /etc/pip.conf /etc/ssl/certs/ca-certificates.crt; do
        [ ! -e "$file" ] || cp -L "$file" "$machine$file"
    done
    [ ! -e ~/.npmrc ] || cp ~/.npmrc "$home/"
    env | grep -E '^(PIP_|SSL_|NODE_EXTRA_|https?_proxy|HTTPS?_PROXY|no_proxy|NO_PROXY)' | sed 's/^/export /' >"$machine/etc/profile.d/registries.sh" || true
}

[ -d "$base" ] || make_base
rm -rf "$machine"
cp -a "$base" "$machine"
if [ "$who" = root ]; then
    home=$machine/root
    login=root
else
    login=officer
    home=$machine/home/$login
    chroot "$machine" useradd --create-home --shell /bin/bash "$login"
    echo "$login ALL=(ALL) NOPASSWD: ALL" >"$machine/etc/sudoers.d/$login"
fi
connect
git clone --quiet "$repository" "$home/cchc"
git -C "$home/cchc" checkout --quiet "$(git -C "$repository" rev-parse HEAD)"
chroot "$machine" chown -R "$login:" "${home#"$machine"}"

# A process namespace of its own ends whatever a command leaves running; the mounts go with it.
export machine login
printf '%s\n' "$@" | unshare --mount --pid --fork bash -c '
    mount -t proc proc "$machine/proc"
    mount --rbind /dev "$machine/dev"
    mount --rbind /sys "$machine/sys"
    status=0
    while read -r command; do
        echo "### $login: $command"
        start=$(date +%s.%N)
        # The environment is that of a login, not of this shell.
        chroot "$machine" env -i TERM=dumb PATH=/usr/local/sbin:/usr/local/bin:/usr/sbin:/usr/bin:/sbin:/bin \
            su - "$login" -c "cd cchc && $command" </dev/null || { status=$?; echo "### ended with $status"; }
        date +%s.%N | awk -v start="$start" "{ printf \"### took %.1f s\n\", \$1 - start }"
    done
    exit $status
'
