#!/usr/bin/env bash
# Stops the server and the private PostgreSQL of this repository; the data stay.
. "$(dirname "$0")/common.sh"

pid_file=$STATE/server.pid
if [ -f "$pid_file" ]; then
    pid=$(cat "$pid_file")
    if kill "$pid" 2>/dev/null; then
        for _try in $(seq 50); do
            kill -0 "$pid" 2>/dev/null || break
            sleep 0.2
        done
        # A second signal makes Odoo end at once.
        ! kill -0 "$pid" 2>/dev/null || kill -KILL "$pid"
        say "Server: stopped"
    fi
    rm -f "$pid_file"
fi
# A cluster shared with other work trees goes on.
[ "$LOCAL" != "$STATE" ] || "$ROOT/tools/setup_cluster.sh" stop
