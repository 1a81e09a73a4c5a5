#!/bin/sh
# For an AppImage: what starts it instead of itself, so that a version that does not run can be taken back.
# Usage: tillwire-run.sh FOLDER APPIMAGE [ARGUMENTS]; FOLDER holds guard.json, keys.json, and node and guard.js in program/.
set -eu
folder=$1
shift
exec "$folder/program/node" "$folder/program/guard.js" run --folder "$folder" -- "$@"
