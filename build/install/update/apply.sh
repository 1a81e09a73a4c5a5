#!/bin/sh
# Runs the guard from a copy of its own: what it replaces must not be what it runs from. Started by tillwire-update.
set -eu

guard=/var/lib/tillwire-update
resources=/opt/Tillwire/resources
own=$guard/program

# A job that was cut off is ended by the guard that began it, whatever is installed meanwhile.
is_at_work() { [ -f "$guard/state.json" ] && grep -q '"job": {' "$guard/state.json"; }

if ! is_at_work || ! [ -x "$own/node" ]; then
  if ! cmp -s "$resources/agent/guard.js" "$own/guard.js" || ! cmp -s "$resources/node/node" "$own/node"; then
    rm -rf "$own.new"
    mkdir -m 755 "$own.new"
    cp "$resources/node/node" "$resources/agent/guard.js" "$own.new/"
    printf '{ "type": "module" }\n' >"$own.new/package.json"
    chmod 755 "$own.new/node"
    sync "$own.new/node" "$own.new/guard.js"
    rm -rf "$own"
    mv "$own.new" "$own"
  fi
fi

installed=$(dpkg-query --show --showformat='${Version}' tillwire)
exec "$own/node" "$own/guard.js" apply --folder "$guard" --installed "$installed"
