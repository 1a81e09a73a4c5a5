#!/bin/sh
# Takes away what applies updates. Called by ../uninstall.sh, for good only; the memory of versions goes too.
set -eu

root=''
while [ "$#" -gt 0 ]; do
  case "$1" in
    --root) root=$2; shift ;;
    --prefix) shift ;;
  esac
  shift
done

# Not from within an update: a package that is replaced is not uninstalled.
if [ -z "$root" ] && [ -d /run/systemd/system ]; then
  systemctl disable --now --quiet tillwire-update.path || true
  systemctl disable --quiet tillwire-update.service || true
fi
rm -f "$root/etc/systemd/system/tillwire-update.path" "$root/etc/systemd/system/tillwire-update.service"
rm -rf "$root/var/lib/tillwire-update"
