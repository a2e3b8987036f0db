#!/usr/bin/env bash
# Databases made in a second from a template in which everything outside this repository is installed.
#
#   database.sh template    makes the template if it is missing, prints its name
#   database.sh new NAME    a new database from the template, with its filestore
#   database.sh copy FROM TO      a copy of a database nobody is connected to, with its filestore
#   database.sh drop NAME
#   database.sh exists NAME
#   database.sh sql NAME [ARGS…]  psql on the database
#   database.sh allow_demo NAME   addons installed from now on bring their demo data
#   database.sh only_our_demo NAME   an update from now on leaves the demo data of other people's addons away
. "$(dirname "$0")/common.sh"

[ -x "$VENV/bin/python" ] || "$ROOT/tools/setup.sh" >&2
depends=$("$VENV/bin/python" "$ROOT/tools/addons.py" depends)
# A change of anything the template is made of makes another template.
key=$( (grep -h '^odoo-addon' "$ROOT/requirements.txt"; readlink -f "$ODOO_HOME"; echo "$depends") | digest)
template=cchc_template_$key
template_data=$LOCAL/template-data

exists() { [ "$(psql -XAtd postgres -c "SELECT 1 FROM pg_database WHERE datname = '$1'")" = 1 ]; }

template() {
    only_one template
    if ! exists "$template"; then
        say "Database: installing Odoo and the OCA addons into a template" >&2
        require_space 1000
        drop template_part
        logged template "The template database could not be made" \
            env CCHC_OWN_ADDONS= "$ROOT/bin/odoo" --data-dir="$template_data" -d template_part -i "$depends" \
            --load-language=vi_VN --stop-after-init --no-http --max-cron-threads=0
        [ "$(psql -XAtd template_part -c "SELECT count(*) FROM ir_module_module WHERE state LIKE 'to %'")" = 0 ] ||
            die "The template database is incomplete (details: $LOGS/template.log)."
        rm -rf "$template_data/filestore/$template"
        [ ! -d "$template_data/filestore/template_part" ] ||
            mv "$template_data/filestore/template_part" "$template_data/filestore/$template"
        psql -Xqd postgres -c "ALTER DATABASE template_part RENAME TO $template"
    fi
    echo "$template"
}

new() {
    ! exists "$1" || die "The database $1 exists already: run 'tools/database.sh drop $1' first."
    rm -rf "$STATE/data/filestore/$1"
    template >/dev/null
    copy_from "$template" "$template_data/filestore/$template" "$1"
}

copy() {
    ! exists "$2" || die "The database $2 exists already: run 'tools/database.sh drop $2' first."
    rm -rf "$STATE/data/filestore/$2"
    copy_from "$1" "$STATE/data/filestore/$1" "$2"
}

# copy_from DATABASE FILESTORE TO
copy_from() {
    if [ -d "$2" ]; then
        mkdir -p "$STATE/data/filestore"
        cp -al "$2" "$STATE/data/filestore/$3" 2>/dev/null || cp -a "$2" "$STATE/data/filestore/$3"
    fi
    createdb --template="$1" "$3"
    # Otherwise every copy would call itself by the template's identity.
    psql -Xqd "$3" -c "UPDATE ir_config_parameter SET value = gen_random_uuid() WHERE key IN ('database.uuid', 'database.secret')"
}

sql() { psql -X -d "$@"; }

# Odoo loads an addon's demo data when all it depends on has its own: say so, without the dependencies'
# American companies and employees.
allow_demo() {
    psql -Xqd "$1" -c "UPDATE ir_module_module SET demo = true WHERE state = 'installed'"
}

# An update loads the demo data of whatever is marked as having it.
only_our_demo() {
    psql -Xqd "$1" -c "UPDATE ir_module_module SET demo = false WHERE demo AND name NOT LIKE 'cchc%'"
}

drop() {
    PGOPTIONS='-c client_min_messages=error' psql -Xqd postgres -c "DROP DATABASE IF EXISTS \"$1\" WITH (FORCE)"
    rm -rf "$STATE/data/filestore/$1"
}

"$@"
