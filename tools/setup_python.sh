#!/usr/bin/env bash
# The Python environment in $LOCAL/venv: requirements*.txt exactly as pinned, and Odoo on its path.
. "$(dirname "$0")/common.sh"

lists=("$ROOT/requirements.txt" "$ROOT/requirements-dev.txt" "$ROOT/requirements-bench.txt")
python=${PYTHON:-python3}

command -v "$python" >/dev/null ||
    die "There is no $python on this machine: install Python 3.11, or name one with PYTHON=/path/to/python3."
"$python" -c 'import sys; sys.exit(sys.version_info < (3, 10))' ||
    die "$("$python" --version) is too old for Odoo 19: name a Python of at least 3.10 with PYTHON=/path/to/python3."

# The folder to put on Python's path: an unpacked Debian package or a checkout.
odoo_path=$ODOO_HOME/usr/lib/python3/dist-packages
[ -d "$odoo_path" ] || odoo_path=$ODOO_HOME

only_one python
version=$("$python" -c 'import sys; print(sys.version)')
key=$(cat "${lists[@]}" - <<<"$version" | digest)
target=$LOCAL/venv-$key
if [ ! -e "$target/complete" ]; then
    require_space 1500
    say "Python: installing the pinned requirements"
    # An environment cannot be moved, so a half-made one is made again (pip keeps what it has downloaded).
    rm -rf "$target"
    logged python-venv "Python cannot make virtual environments: install the package python3-venv" \
        "$python" -m venv "$target"
    # shellcheck disable=SC2046 # a list of words
    logged python-pip "The pinned Python packages could not be installed" \
        "$target/bin/python" -m pip install --no-deps --no-input --disable-pip-version-check \
        $(printf -- '-r %s ' "${lists[@]}")
    touch "$target/complete"
fi
site=$("$target/bin/python" -c 'import sysconfig; print(sysconfig.get_path("purelib"))')
echo "$odoo_path" >"$site/odoo.pth.part"
mv "$site/odoo.pth.part" "$site/odoo.pth"
ln -sfn "$target" "$VENV"
