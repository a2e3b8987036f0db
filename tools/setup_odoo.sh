#!/usr/bin/env bash
# Odoo 19 in $LOCAL/odoo: the checkout that ODOO_SOURCE names, or Debian's package unpacked.
. "$(dirname "$0")/common.sh"

list=$ROOT/tools/odoo_packages.txt

# The address of the Debian archive that this machine already uses.
mirror() {
    local codename
    codename=$(. /etc/os-release && echo "${VERSION_CODENAME:-}")
    apt-get indextargets --format '$(RELEASE) $(COMPONENT) $(REPO_URI)' 'Created-By: Packages' 2>/dev/null |
        awk -v codename="$codename" '
            ($1 == codename || $1 == "stable" || $1 == "oldstable") && $2 == "main" { print $3; exit }'
}

# apt with its own list of sources and its own folders: the machine's settings stay as they are.
private_apt() {
    apt-get -q \
        -o Dir::Etc::SourceList="$work/sources.list" -o Dir::Etc::SourceParts=/dev/null \
        -o Dir::Etc::Preferences=/dev/null -o Dir::Etc::PreferencesParts=/dev/null \
        -o Dir::State="$work/state" -o Dir::State::Lists="$work/lists" \
        -o Dir::State::Status=/var/lib/dpkg/status \
        -o Dir::Cache="$work/cache" -o Dir::Cache::pkgcache= -o Dir::Cache::srcpkgcache= \
        -o APT::Sandbox::User="$(id -un)" -o Acquire::Languages=none -o Acquire::Retries=3 "$@"
}

download() {
    local uri names
    uri=$(mirror)
    [ -n "$uri" ] || die "No Debian archive is configured on this machine: set ODOO_SOURCE=/path/to/an/odoo-19.0/checkout."
    mkdir -p "$work/state" "$work/lists/partial" "$work/cache/archives/partial" "$work/deb"
    awk -v uri="$uri" '!/^#/ && NF && !seen[$1]++ {
        print "deb [signed-by=/usr/share/keyrings/debian-archive-keyring.gpg] " uri " " $1 " main"
    }' "$list" >"$work/sources.list"
    logged odoo-update "The Debian archive of this machine could not be read: check its apt sources" \
        private_apt -o APT::Update::Error-Mode=any update
    names=$(awk '!/^#/ && NF { print $2 "/" $1 }' "$list")
    cd "$work/deb"
    # shellcheck disable=SC2086 # a list of words
    logged odoo-download "The Debian archive of this machine has no odoo-19: set ODOO_SOURCE=/path/to/an/odoo-19.0/checkout" \
        private_apt download $names
    cd "$ROOT"
}

# What is never used stays packed: links of another layout, other countries' accounting, other languages.
unpack() {
    local deb
    for deb in "$work"/deb/*.deb; do
        dpkg-deb --fsys-tarfile "$deb" | tar -x -C "$work/root" --no-same-owner \
            --wildcards --wildcards-match-slash \
            --exclude='*/dist-packages/addons/*' --exclude='*/doc/*' --exclude='*/man/*' \
            --exclude='*/addons/l10n_[!v]*' --exclude='*/addons/l10n_v[!n]*' \
            --exclude='*/i18n/[!v]*.po' --exclude='*/i18n/v[!i]*.po'
    done
}

if [ -n "${ODOO_SOURCE:-}" ]; then
    source=$(cd "$ODOO_SOURCE" 2>/dev/null && pwd) && [ -f "$source/odoo/release.py" ] ||
        die "ODOO_SOURCE=$ODOO_SOURCE holds no Odoo: name the folder of an Odoo 19.0 checkout."
    grep -q 'version_info = (19, 0' "$source/odoo/release.py" ||
        die "ODOO_SOURCE=$ODOO_SOURCE is not Odoo 19.0: check out its branch 19.0."
    ln -sfn "$source" "$ODOO_HOME"
    exit 0
fi

only_one odoo
key=$(grep -v '^#' "$list" | digest)
target=$LOCAL/odoo-$key
if [ ! -d "$target" ]; then
    command -v apt-get >/dev/null ||
        die "This machine has no apt-get: set ODOO_SOURCE=/path/to/an/odoo-19.0/checkout."
    require_space 2500
    say "Odoo 19: downloading Debian's package (130 MB)"
    work=$LOCAL/odoo.part
    rm -rf "$work"
    mkdir -p "$work/root"
    download
    say "Odoo 19: unpacking"
    logged odoo-unpack "Odoo's package could not be unpacked: run 'make clean' and try again" unpack
    mv "$work/root" "$target"
    rm -rf "$work"
fi
ln -sfn "$target" "$ODOO_HOME"
