#!/usr/bin/env bash
# A private PostgreSQL cluster, made once and started when it is down; or a look whether the server
# that PGHOST, PGPORT and PGUSER name is of use.
#
#   setup_cluster.sh [start|stop|remove]
. "$(dirname "$0")/common.sh"

# PostgreSQL refuses to run as root: root hands it to the user that Debian's package made.
owner=$(id -un)
[ "$(id -u)" -ne 0 ] || owner=postgres

as_owner() {
    if [ "$(id -un)" = "$owner" ]; then
        "$@"
    else
        (cd / && HOME=/ setpriv --reuid="$owner" --regid="$owner" --init-groups "$@")
    fi
}

# Debian keeps the server's programs out of PATH.
programs() {
    local folder
    for folder in $(printf '%s\n' /usr/lib/postgresql/*/bin | sort -Vr); do
        [ -x "$folder/initdb" ] && echo "$folder" && return
    done
    folder=$(command -v initdb) && dirname "$folder" && return
    die "PostgreSQL is not installed: run 'apt-get install postgresql', or name a server with PGHOST."
}

# Where root's clone lies in a folder closed to others (/root is), the cluster lives outside and is linked.
make_place() {
    [ ! -d "$CLUSTER" ] || return 0
    rm -f "$CLUSTER"
    if as_owner test -x "$LOCAL"; then
        mkdir -m 700 "$CLUSTER"
    else
        local outside
        outside=/var/lib/cchc-$(printf %s "$LOCAL" | digest)
        # What lies there belonged to a clone that is gone.
        [ ! -d "$outside/data" ] || as_owner "$bin/pg_ctl" stop --mode=immediate --pgdata="$outside/data" >/dev/null 2>&1 || true
        rm -rf "$outside"
        mkdir -p -m 700 "$outside"
        ln -sfn "$outside" "$CLUSTER"
    fi
    chown "$owner" "$CLUSTER/"
}

initialise() {
    say "PostgreSQL: making a private cluster"
    require_space 1000
    as_owner rm -rf "$place/data.part"
    # Vietnamese order of names in every list.
    logged cluster-initdb "PostgreSQL could not make its cluster" \
        as_owner "$bin/initdb" --pgdata="$place/data.part" --username=cchc --auth=trust --encoding=UTF8 \
        --locale=C.UTF-8 --locale-provider=icu --icu-locale=vi-VN
    as_owner tee -a "$place/data.part/postgresql.conf" >/dev/null <<CONF
listen_addresses = ''
max_connections = 200
shared_buffers = 256MB
work_mem = 16MB
maintenance_work_mem = 256MB
max_wal_size = 2GB
random_page_cost = 1.1
jit = off
CONF
    as_owner mv "$place/data.part" "$place/data"
}

start() {
    if ! use_private_cluster; then
        command -v psql >/dev/null || die "The program psql is missing: run 'apt-get install postgresql-client'."
        [ "$(psql -XAtd postgres -c 'SELECT rolcreatedb FROM pg_roles WHERE rolname = current_user' 2>"$LOGS/server.log")" = t ] ||
            die "The PostgreSQL server at ${PGHOST:-localhost}:${PGPORT:-5432} does not let ${PGUSER:-$(id -un)} make databases: grant CREATEDB to that role, mend PGHOST/PGPORT/PGUSER/PGPASSWORD, or unset them (details: $LOGS/server.log)."
        [ "$(psql -XAtd postgres -c 'SELECT current_user')" != postgres ] ||
            die "Odoo refuses the database role postgres: make another role with CREATEDB and name it in PGUSER."
        return
    fi
    bin=$(programs)
    only_one postgres
    make_place
    place=$(readlink -f "$CLUSTER")
    [ -d "$place/data" ] || initialise
    "$bin/pg_isready" -q && return
    # The cluster's owner may not be able to follow the link that we can follow.
    socket=$PGHOST
    [ "$socket" != "$CLUSTER/socket" ] || socket=$place/socket
    as_owner mkdir -p -m 700 "$socket"
    [ "$(stat -c %U "$socket")" = "$owner" ] || die "$socket belongs to somebody else: remove that folder and run the same command again."
    # The lock must not be inherited by the server, which outlives this command.
    logged cluster-start "The private PostgreSQL did not start" \
        as_owner "$bin/pg_ctl" start --wait --pgdata="$place/data" --log="$place/server.log" \
        --options="-k '$socket'" 9>&-
}

stop() {
    use_private_cluster && [ -d "$CLUSTER/data" ] || return 0
    bin=$(programs)
    place=$(readlink -f "$CLUSTER")
    as_owner "$bin/pg_ctl" status --pgdata="$place/data" >/dev/null || return 0
    as_owner "$bin/pg_ctl" stop --mode=fast --pgdata="$place/data" >/dev/null
}

remove() {
    stop
    place=$(readlink -m "$CLUSTER")
    rm -rf "$place" "$CLUSTER"
}

"${1:-start}"
