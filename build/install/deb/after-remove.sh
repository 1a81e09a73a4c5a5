#!/bin/sh
# After the Debian package went, also when it is purged: the data folder of a store is never deleted by a program.
set -eu
if [ "$1" = remove ] || [ "$1" = purge ]; then
  rm -f '/usr/bin/${executable}'
  if [ -f '/etc/apparmor.d/${executable}' ]; then
    apparmor_parser --remove '/etc/apparmor.d/${executable}' 2>/dev/null || true
    rm -f '/etc/apparmor.d/${executable}'
  fi
fi
