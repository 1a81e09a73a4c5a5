#!/bin/sh
# Takes the service away. The data folder always stays, and it is said whether this machine can be wiped.
set -eu

refuse() { echo "Not removed: $1" >&2; exit 1; }

root='' prefix=/opt/Tillwire package=no
while [ "$#" -gt 0 ]; do
  case "$1" in
    --prefix | --root) [ "$#" -ge 2 ] || refuse "$1 needs a value."
      if [ "$1" = --root ]; then root=$2; else prefix=$2; fi
      shift ;;
    --package) package=yes ;;
    --help) echo 'Usage: sudo ./uninstall.sh [--prefix FOLDER] [--root FOLDER]'; exit 0 ;;
    *) refuse "\"$1\" is not known. ./uninstall.sh --help names what is." ;;
  esac
  shift
done
case $prefix in /?*) ;; *) refuse "--prefix needs a whole path, for example /opt/Tillwire." ;; esac
[ -n "$root" ] || [ "$(id -u)" = 0 ] || refuse "it needs the rights of root. Run it as: sudo $0"
if [ "$package" = no ] && [ -f "$root/usr/lib/systemd/system/tillwire.service" ]; then
  refuse "the Debian package put it here. Remove that: sudo apt remove tillwire"
fi

data=$root/var/lib/tillwire
target=$root$prefix/resources

as_service() {
  if [ -z "$root" ] && [ "$(id -u)" = 0 ]; then runuser -u tillwire -- "$@"; else "$@"; fi
}

# Asked of the program while it is still there. Whatever can't be found out counts as not safe.
say_whether_safe() {
  if [ ! -f "$data/identity.json" ]; then
    echo "No store was set up here: nothing would be lost by wiping this machine."
  elif as_service "$target/node/node" "$target/agent/tillwire.js" safe-to-wipe --data "$data"; then
    echo "This machine is safe to wipe. The data stays in $data."
  else
    echo "NOT SAFE TO WIPE: keep $data. It holds sales that head office may not have; install again and let it send them."
  fi
}

runs_systemd=no
if [ -z "$root" ] && [ -d /run/systemd/system ]; then runs_systemd=yes; fi

say_whether_safe
updates=$target/install/update/uninstall.sh
if [ -x "$updates" ]; then "$updates" --root "$root" --prefix "$prefix" || true; fi
if [ "$runs_systemd" = yes ]; then systemctl disable --now --quiet tillwire.service || true; fi
rm -f "$root/etc/systemd/system/tillwire.service.d/mirror.conf" "$root/etc/xdg/autostart/tillwire.desktop"
if [ -d "$root/etc/systemd/system/tillwire.service.d" ]; then
  rmdir --ignore-fail-on-non-empty "$root/etc/systemd/system/tillwire.service.d"
fi
if [ "$package" = yes ]; then
  rm -f "$root/usr/lib/systemd/system/tillwire.service" "$root/usr/bin/tillwire"
else
  rm -f "$root/etc/systemd/system/tillwire.service" "$root/usr/local/bin/tillwire"
  rm -rf "$target"
  if [ -d "$root$prefix" ]; then rmdir --ignore-fail-on-non-empty "$root$prefix"; fi
fi
if [ "$runs_systemd" = yes ]; then systemctl daemon-reload; fi
echo "Removed. The data folder $data was kept, and so was the account of the service, which owns it."
