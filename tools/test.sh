#!/usr/bin/env bash
# All tests of all addons, or of those named; see run_tests.py.
#
#   test.sh [ADDON,ADDON [TAGS]]
. "$(dirname "$0")/common.sh"

"$ROOT/tools/setup.sh" test
# shellcheck disable=SC2086 # a list of words
addons=$("$VENV/bin/python" "$ROOT/tools/addons.py" own ${1//,/ })
part=${1:-}${2:-}
# The demo data belongs to the whole, not to a part.
"$VENV/bin/python" "$ROOT/tools/run_tests.py" --addons="$addons" --tags="${2:-}" $([ -n "$part" ] || echo --demo)
[ -z "$part" ] || exit 0
glue=$("$VENV/bin/python" "$ROOT/tools/addons.py" glue)
for addon in ${glue//,/ }; do
    # In a database of its own, with what it joins.
    "$VENV/bin/python" "$ROOT/tools/run_tests.py" --addons="$addon" --tags="/$addon"
done
