#!/usr/bin/env bash
# Stops the server and the private PostgreSQL of this repository; the data stay.
. "$(dirname "$0")/common.sh"

if pid=$(server_pid); then
    kill "$pid"
    for _try in $(seq 50); do
        kill -0 "$pid" 2>/dev/null || break
        sleep 0.2
    done
    ! kill -0 "$pid" 2>/dev/null || kill -KILL "$pid"
    say "Server: stopped"
fi
rm -f "$STATE/server.pid"
# A cluster shared with other work trees goes on.
[ "$LOCAL" != "$STATE" ] || "$ROOT/tools/setup_cluster.sh" stop
