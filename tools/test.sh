#!/usr/bin/env bash
# All tests of all addons, or of those named; see run_tests.py.
#
#   test.sh [ADDON,ADDON [TAGS]]
. "$(dirname "$0")/common.sh"

"$ROOT/tools/setup.sh" test
# shellcheck disable=SC2086 # a list of words
addons=$("$VENV/bin/python" "$ROOT/tools/addons.py" own ${1//,/ })
part=${1:-}${2:-}
# The demo data, the addons that join others and the tests of other people's addons belong
# to the whole, not to a part.
if [ -z "$part" ]; then
    whole="--demo --glue=$("$VENV/bin/python" "$ROOT/tools/addons.py" glue)"
    whole="$whole --others=$("$VENV/bin/python" "$ROOT/tools/addons.py" others)"
fi
"$VENV/bin/python" "$ROOT/tools/run_tests.py" --addons="$addons" --tags="${2:-}" ${whole:-}
