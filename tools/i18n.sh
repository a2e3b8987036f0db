#!/usr/bin/env bash
# The Vietnamese of every addon, compared with what Odoo would export now.
#
#   i18n.sh check   fails when a vi.po lacks a string
#   i18n.sh fix     brings the .pot and vi.po files up to date; new strings stand there untranslated
. "$(dirname "$0")/common.sh"

"$ROOT/tools/setup.sh" run
addons=$("$VENV/bin/python" "$ROOT/tools/addons.py" own)
database=cchc_i18n_$$
export_folder=$STATE/i18n
rm -rf "$export_folder"
mkdir -p "$export_folder"

trap '"$ROOT/tools/database.sh" drop "$database"' EXIT
"$ROOT/tools/database.sh" new "$database"
logged i18n "The addons could not be installed" "$ROOT/bin/odoo" -d "$database" -i "$addons" \
    --stop-after-init --no-http --max-cron-threads=0
for addon in ${addons//,/ }; do
    # shellcheck disable=SC2207 # a list of words
    modules=("$addon" $("$VENV/bin/python" "$ROOT/tools/addons.py" carried "$addon"))
    logged "i18n-$addon" "The strings of $addon could not be exported" \
        "$ROOT/bin/odoo" i18n export -d "$database" -l pot -o "$export_folder/$addon.pot" "${modules[@]}"
done
"$VENV/bin/python" "$ROOT/tools/compare_translations.py" "$1" "$export_folder"
