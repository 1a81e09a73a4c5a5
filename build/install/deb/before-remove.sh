#!/bin/sh
# Before the Debian package goes: the service ends, the data stays. An update leaves the service as it is.
set -eu
if [ "$1" = remove ]; then
  '/opt/Tillwire/resources/install/uninstall.sh' --package
fi
