#!/usr/bin/env bash
# Style of Python, XML and JavaScript, OCA's checks and the translations.
#
#   lint.sh [fix]   fix: reformat what can be reformatted first
. "$(dirname "$0")/common.sh"

"$ROOT/tools/setup_lint.sh"
cd "$ROOT"
addons=$( { "$LINT/bin/python" tools/addons.py own; "$LINT/bin/python" tools/addons.py glue; } | tr ",\n" "  ")
failed=

# check NAME COMMAND...
check() {
    local name=$1
    shift
    say "Lint: $name"
    "$@" || failed="$failed $name,"
}

prettier() {
    # shellcheck disable=SC2086 # a list of words
    find $addons tools/test_addons -type f \( -name '*.xml' -o -name '*.js' -o -name '*.scss' \) \
        ! -path '*/static/lib/*' ! -path '*/static/src/lib/*' -print0 |
        xargs -0 -r "$LINT/bin/node" "$PRETTIER/node_modules/prettier/bin/prettier.cjs" --log-level=warn \
            --plugin="$PRETTIER/node_modules/@prettier/plugin-xml/src/plugin.js" "$@"
}

if [ "${1:-}" = fix ]; then
    "$LINT/bin/ruff" check --quiet --fix . || true
    "$LINT/bin/ruff" format --quiet .
    prettier --write
fi
check "ruff check" "$LINT/bin/ruff" check --quiet .
check "ruff format" "$LINT/bin/ruff" format --quiet --check .
check "prettier" prettier --check
# shellcheck disable=SC2086 # a list of words
{
    check "pylint-odoo" "$LINT/bin/pylint" --rcfile=.pylintrc-mandatory -j 2 $addons
    check "OCA's checks of data files" "$LINT/bin/oca-checks-odoo-module" --disable=missing-readme,xml-header-wrong,xml-field-numeric-without-eval,xml-tag-position $addons
}
check "translations" "$ROOT/tools/i18n.sh" check

[ -z "$failed" ] || die "These checks failed:${failed%,}; 'make lint FIX=1' mends what can be mended."
say "Lint: clean"
