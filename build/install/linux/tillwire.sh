#!/bin/sh
# The command line of Tillwire. Called by root it goes on as the service's account, to which the data folder belongs.
set -- /opt/Tillwire/resources/node/node /opt/Tillwire/resources/agent/tillwire.js "$@"
if [ "$(id -u)" = 0 ] && id tillwire >/dev/null 2>&1; then
  set -- runuser -u tillwire -g tillwire-window -- "$@"
fi
exec "$@"
