# Sourced by every script here: where things are and how to speak to the person who typed the command.
set -euo pipefail

ROOT=$(cd "$(dirname "${BASH_SOURCE[0]}")/.." && pwd)
# What is downloaded and built; several work trees may share one through CCHC_LOCAL.
LOCAL=${CCHC_LOCAL:-$ROOT/.local}
# What this work tree runs: settings, filestore, logs, process ids. Never shared.
STATE=$ROOT/.local
LOGS=$STATE/log

# Links to the ones of this work tree, which lie in $LOCAL.
ODOO_HOME=$STATE/odoo
VENV=$STATE/venv
LINT=$STATE/lint
PRETTIER=$STATE/prettier
CLUSTER=$LOCAL/postgres

umask 022
mkdir -p "$LOCAL" "$LOGS" || {
    echo "cchc: $LOCAL cannot be written: clone the repository to a folder that is yours." >&2
    exit 1
}

say() { printf '==> %s\n' "$*"; }

# One sentence that says what is wrong and what to do.
die() {
    printf 'cchc: %s\n' "$*" >&2
    exit 1
}

digest() { sha256sum | cut -c1-12; }

# The private cluster is used unless PGHOST, PGPORT or PGUSER name another server. Its only door is a
# socket in a folder that nobody else may enter, so it needs no port and no password.
cluster_socket() {
    local socket=$CLUSTER/socket
    # A socket's address is limited to 107 characters.
    [ ${#socket} -le 90 ] || socket=/tmp/cchc-$(id -u)-$(printf %s "$socket" | digest)
    echo "$socket"
}

use_private_cluster() {
    [ -z "${PGHOST:-}${PGPORT:-}${PGUSER:-}" ] || [ "${CCHC_PRIVATE_CLUSTER:-}" = "$CLUSTER" ]
}

if use_private_cluster; then
    PGHOST=$(cluster_socket)
    export PGHOST PGUSER=cchc CCHC_PRIVATE_CLUSTER=$CLUSTER
    unset PGPORT PGDATABASE PGPASSWORD PGSERVICE
fi

# The process id of the server that `make run` started, if it lives.
server_pid() {
    local pid
    pid=$(cat "$STATE/server.pid" 2>/dev/null) && grep -qF "$STATE/" "/proc/$pid/cmdline" 2>/dev/null && echo "$pid"
}

# logged NAME SENTENCE COMMAND...: runs the command with its output in a log file; when it fails,
# ends with the sentence, or with a better one when the log shows a full disk or no network.
logged() {
    local log=$LOGS/$1.log sentence=$2 status
    shift 2
    # Not as a condition: bash would then go on after a failing line of a function.
    set +e
    (set -e && "$@") >"$log" 2>&1 </dev/null
    status=$?
    set -e
    [ $status -ne 0 ] || return 0
    if grep -qiE 'no space left|not enough free space|disk full' "$log"; then
        die "The disk is full: free at least 4 GB for $LOCAL and run the same command again."
    fi
    if grep -qiE 'temporary failure (in name )?resol|could not resolve|connection timed out|network is unreachable|failed to establish a new connection|unable to connect|connection failed|could not connect to .*:(80|443)|NewConnectionError|NameResolutionError|EAI_AGAIN|ENOTFOUND|ETIMEDOUT' "$log"; then
        die "The network does not answer: connect this machine to Debian's and Python's package registries and run the same command again (details: $log)."
    fi
    tail -n 5 "$log" >&2
    die "$sentence (details: $log)."
}

# require_space MEGABYTES
require_space() {
    local free
    free=$(df -Pm "$LOCAL" | awk 'NR == 2 { print $4 }')
    [ "$free" -ge "$1" ] || die "The disk is nearly full: $LOCAL needs $1 MB but has $free MB; free some space and run the same command again."
}

# only_one NAME: waits until no other command holds the same lock; the lock ends with the shell.
only_one() {
    exec 9>"$LOCAL/$1.lock"
    flock -n 9 || {
        say "Another command is at work ($1); waiting for it"
        flock 9
    }
}
