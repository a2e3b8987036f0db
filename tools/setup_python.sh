#!/usr/bin/env bash
# A Python environment with requirements exactly as pinned.
#
#   setup_python.sh       $VENV: what the suite, its tests and its benchmarks run with
#   setup_python.sh lint  $LINT: what `make lint` runs with
. "$(dirname "$0")/common.sh"

python=${PYTHON:-python3}
if [ "${1:-}" = lint ]; then
    link=$LINT
    lists=("$ROOT/requirements-lint.txt")
    odoo=
else
    link=$VENV
    lists=("$ROOT/requirements.txt" "$ROOT/requirements-dev.txt" "$ROOT/requirements-bench.txt")
    # The folder to put on Python's path: an unpacked Debian package or a checkout.
    odoo=$(readlink -f "$ODOO_HOME")
    [ ! -d "$odoo/usr" ] || odoo=$odoo/usr/lib/python3/dist-packages
fi
name=$(basename "$link")

command -v "$python" >/dev/null ||
    die "There is no $python on this machine: install Python 3.11, or name one with PYTHON=/path/to/python3."
"$python" -c 'import sys; sys.exit(sys.version_info < (3, 10))' ||
    die "$("$python" --version) is too old for Odoo 19: name a Python of at least 3.10 with PYTHON=/path/to/python3."

only_one "$name"
version=$("$python" -c 'import sys; print(sys.version)')
key=$(cat "${lists[@]}" - <<<"$version $odoo" | digest)
target=$LOCAL/$name-$key
if [ ! -e "$target/complete" ]; then
    require_space 1500
    say "Python: installing the pinned packages of ${lists[*]#"$ROOT/"}"
    # An environment cannot be moved, so a half-made one is made again (pip keeps what it has downloaded).
    rm -rf "$target"
    logged "$name-make" "Python cannot make virtual environments: install the package python3-venv" \
        "$python" -m venv "$target"
    # shellcheck disable=SC2046 # a list of words
    logged "$name-pip" "The pinned Python packages could not be installed" \
        "$target/bin/python" -m pip install --no-deps --no-compile --no-input --disable-pip-version-check \
        $(printf -- '-r %s ' "${lists[@]}")
    if [ -n "$odoo" ]; then
        echo "$odoo" >"$("$target/bin/python" -c 'import sysconfig; print(sysconfig.get_path("purelib"))')/odoo.pth"
    fi
    touch "$target/complete"
fi
ln -sfn "$target" "$link"
