#!/usr/bin/env bash
# Everything that must be on the machine, stage by stage; a stage that is done is passed over.
#
#   setup.sh [run|test]
. "$(dirname "$0")/common.sh"

tools=$ROOT/tools
"$tools/setup_system.sh" "${1:-run}"
"$tools/setup_odoo.sh"
"$tools/setup_python.sh"
"$tools/setup_cluster.sh"
