#!/usr/bin/env bash
# Measures, beside the peers, and writes benchmarks/results.md and results.json. Arguments go to benchmarks/run.py.
. "$(dirname "$0")/common.sh"

"$ROOT/tools/setup.sh" run
if [ ! -f "$ROOT/benchmarks/run.py" ]; then
    say "There are no benchmarks yet"
    exit 0
fi
exec "$VENV/bin/python" "$ROOT/benchmarks/run.py" "$@"
