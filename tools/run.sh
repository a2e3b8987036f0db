#!/usr/bin/env bash
# Sets up what is missing and serves the suite with its demo data. Data of an earlier run are kept.
# PORT chooses another port than 8069, DATABASE another database than cchc.
. "$(dirname "$0")/common.sh"

port=${PORT:-8069}
database=${DATABASE:-cchc}
server_log=$LOGS/server.log

answers() {
    "$VENV/bin/python" - "http://127.0.0.1:$port/web/login" 2>/dev/null <<'PYTHON'
import sys, urllib.request
sys.exit(urllib.request.urlopen(sys.argv[1], timeout=20).status != 200)
PYTHON
}

port_taken() { (exec 3<>"/dev/tcp/127.0.0.1/$port") 2>/dev/null; }

sql() { psql -XAtd "$1" -c "$2"; }

odoo() {
    local log=$1 sentence=$2
    shift 2
    logged "$log" "$sentence" "$ROOT/bin/odoo" "$@" --stop-after-init --no-http --max-cron-threads=0
}

prepare() { "$ROOT/bin/odoo" shell -d "$1" --no-http <"$ROOT/tools/prepare_database.py"; }

set_digest() { psql -Xqd "$1" -v digest="$digest" <<'SQL'
INSERT INTO ir_config_parameter (key, value) VALUES ('cchc.addons_digest', :'digest')
ON CONFLICT (key) DO UPDATE SET value = excluded.value
SQL
}

# Made under another name and renamed when complete, so that a broken attempt is never taken for data.
make_database() {
    local part=${database}_part
    "$ROOT/tools/database.sh" drop "$part"
    "$ROOT/tools/database.sh" template >/dev/null
    say "Database: installing the suite with its demo data"
    "$ROOT/tools/database.sh" new "$part"
    "$ROOT/tools/database.sh" allow_demo "$part"
    odoo install "The suite could not be installed" -d "$part" -i "$addons"
    "$ROOT/tools/database.sh" only_our_demo "$part"
    say "Database: Vietnamese interface"
    logged prepare "The database could not be prepared" prepare "$part"
    set_digest "$part"
    rm -rf "$STATE/data/filestore/$database"
    [ ! -d "$STATE/data/filestore/$part" ] || mv "$STATE/data/filestore/$part" "$STATE/data/filestore/$database"
    psql -Xqd postgres -c "ALTER DATABASE \"$part\" RENAME TO \"$database\""
}

# After a change of the addons, of Odoo or of the pinned OCA addons.
update_database() {
    say "Database: updating to the addons as they are now"
    "$ROOT/tools/database.sh" only_our_demo "$database"
    odoo update "The database could not be updated" -d "$database" -u base --i18n-overwrite
    # Addons that are new bring their demo data.
    "$ROOT/tools/database.sh" allow_demo "$database"
    odoo install "The new addons could not be installed" -d "$database" -i "$addons"
    "$ROOT/tools/database.sh" only_our_demo "$database"
    set_digest "$database"
}

show_users() {
    local addon table
    printf '\n    %s   (log: %s; stop with: make stop)\n\n' "http://localhost:$port" "$server_log"
    echo "    Login               Password            Who"
    printf '    %-20s%-20s%s\n' admin admin "administrator"
    for addon in ${addons//,/ }; do
        table=$ROOT/$addon/demo/README.md
        [ ! -f "$table" ] || awk -F ' *\\| *' '
            /^\|/ && $2 !~ /^(-+|login)$/ { printf "    %-20s%-20s%s\n", $2, $2, $3 }' "$table"
    done
}

only_one run
if server_pid >/dev/null; then
    say "Already running (a change of the addons is taken up after 'make stop')"
    addons=$("$VENV/bin/python" "$ROOT/tools/addons.py" own)
    show_users
    exit 0
fi
! port_taken || die "Port $port is taken by another program: stop that program, or choose another port with 'make run PORT=8070'."

"$ROOT/tools/setup.sh" run
addons=$("$VENV/bin/python" "$ROOT/tools/addons.py" own)
digest=$( (
    readlink -f "$ODOO_HOME" "$VENV"
    cd "$ROOT"
    # shellcheck disable=SC2086 # a list of words
    find ${addons//,/ } -type f ! -path '*/__pycache__/*' ! -path '*/tests/*' -print0 | sort -z | xargs -0 sha256sum
) | digest)

if ! "$ROOT/tools/database.sh" exists "$database"; then
    make_database
elif [ "$(sql "$database" "SELECT value FROM ir_config_parameter WHERE key = 'cchc.addons_digest'")" != "$digest" ]; then
    update_database
fi

say "Server: starting"
setsid "$ROOT/bin/odoo" -d "$database" --db-filter="^$database\$" --no-database-list --http-port="$port" \
    --gevent-port=$((port + 3)) >"$server_log" 2>&1 </dev/null 9>&- &
pid=$!
echo $pid >"$STATE/server.pid"
for _try in $(seq 120); do
    answers && break
    kill -0 $pid 2>/dev/null || break
    sleep 0.3
done
if ! answers; then
    tail -n 5 "$server_log" >&2
    "$ROOT/tools/stop.sh"
    die "The server did not come up: read $server_log."
fi
show_users
