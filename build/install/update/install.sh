#!/bin/sh
# Sets up what applies updates as root, outside of everything that an update replaces. Called by ../install.sh.
set -eu

root='' prefix=/opt/Tillwire
while [ "$#" -gt 0 ]; do
  case "$1" in
    --root) root=$2; shift ;;
    --prefix) prefix=$2; shift ;;
  esac
  shift
done

here=$(CDPATH='' cd "$(dirname "$0")" && pwd)
guard=$root/var/lib/tillwire-update
units=$root/etc/systemd/system

# Only a Debian package can be put in the place of another one.
if ! [ -f "$root/usr/lib/systemd/system/tillwire.service" ]; then
  echo "Updates: not set up, for this is not the Debian package. Update by running a newer installer."
  exit 0
fi

mkdir -p "$guard" "$units"
chmod 755 "$guard"
[ -n "$root" ] || chown root:root "$guard"

# The first keys are the beginning of all trust: never replaced; later ones follow from them by signature.
if ! [ -f "$guard/keys.json" ]; then
  for keys in "$root/etc/tillwire/tillwire-update-keys.json" "$here/keys.json"; do
    [ -f "$keys" ] || continue
    cp "$keys" "$guard/keys.json.part"
    chmod 644 "$guard/keys.json.part"
    mv "$guard/keys.json.part" "$guard/keys.json"
    break
  done
fi
if ! [ -f "$guard/keys.json" ]; then
  echo "Updates: not set up, for there are no keys (/etc/tillwire/tillwire-update-keys.json)."
  exit 0
fi

if ! [ -f "$guard/guard.json" ]; then
  printf '{ "data": "/var/lib/tillwire", "installer": "deb", "service": "tillwire.service" }\n' >"$guard/guard.json.part"
  mv "$guard/guard.json.part" "$guard/guard.json"
fi

# Renamed into place: the one that runs at this moment is read on to its end.
sed "s|/opt/Tillwire|$prefix|g" "$here/apply.sh" >"$guard/apply.sh.part"
chmod 755 "$guard/apply.sh.part"
mv "$guard/apply.sh.part" "$guard/apply.sh"
for unit in tillwire-update.service tillwire-update.path; do
  cp "$here/$unit" "$units/$unit"
  chmod 644 "$units/$unit"
done

if [ -z "$root" ] && [ -d /run/systemd/system ]; then
  systemctl daemon-reload
  systemctl enable --quiet tillwire-update.service
  systemctl enable --now --quiet tillwire-update.path
fi
echo "Updates: installed by themselves where the settings name an address."
