#!/usr/bin/env bash
# Removes all that was set up here, the data included. Debian packages stay on the machine.
. "$(dirname "$0")/common.sh"

"$ROOT/tools/stop.sh"
[ "$LOCAL" != "$STATE" ] || "$ROOT/tools/setup_cluster.sh" remove
rm -rf "$STATE"
say "Removed $STATE"
