#!/bin/sh
# Installs the store agent as a service of systemd. Run again at any time: it brings everything to this state.
set -eu

usage() {
  cat <<'TEXT'
Usage: sudo ./install.sh [--store ID --broker URL] [--mirror FOLDER] [--window-user NAME] [--from FOLDER]
  --store ID          the store, for example S001 (first time only)
  --broker URL        where the agent sends to, for example mqtts://broker.example:8883 (first time only)
  --mirror FOLDER     folder of the second copy, best on another disk
  --window-user NAME  lets this account open the store window; may be given several times
  --from FOLDER       takes tillwire-enrolment.json and tillwire-settings.json from there
                      (otherwise from the folder that holds this package)
  --no-start          installs without starting the service
  --prefix FOLDER     where the program goes, otherwise /opt/Tillwire
  --root FOLDER       installs below this folder, for an image or a trial: no accounts, nothing is started
  --package           called by the Debian package, which has put the program in place
TEXT
}

refuse() { echo "Not installed: $1" >&2; exit 1; }
say() { echo "$1"; }

root='' prefix=/opt/Tillwire from='' store='' broker='' mirror='' window_users='' start=yes package=no
value() { [ "$#" -ge 2 ] || refuse "$1 needs a value. ./install.sh --help names them."; }
while [ "$#" -gt 0 ]; do
  case "$1" in
    --store) value "$@"; store=$2; shift ;;
    --broker) value "$@"; broker=$2; shift ;;
    --mirror) value "$@"; mirror=$2; shift ;;
    --window-user) value "$@"; window_users="$window_users $2"; shift ;;
    --from) value "$@"; from=$2; shift ;;
    --prefix) value "$@"; prefix=$2; shift ;;
    --root) value "$@"; root=$2; shift ;;
    --no-start) start=no ;;
    --package) package=yes ;;
    --help) usage; exit 0 ;;
    *) refuse "\"$1\" is not known. ./install.sh --help names what is." ;;
  esac
  shift
done

here=$(CDPATH='' cd "$(dirname "$0")" && pwd)
source=$(dirname "$here")
target=$root$prefix/resources
data=$root/var/lib/tillwire
[ -n "$from" ] || from=$(dirname "$source")
# Run by hand where the Debian package put the program: its unit stays the only one.
if [ -f "$root/usr/lib/systemd/system/tillwire.service" ]; then package=yes; fi

check_machine() {
  for part in agent/tillwire.js node/node hashes.json; do
    [ -f "$source/$part" ] || refuse "this folder is not whole, $part is missing. Unpack the package again."
  done
  "$source/node/node" --version >/dev/null 2>&1 ||
    refuse "the program does not run on this machine ($(uname -s) $(uname -m)). It needs 64-bit Linux on Intel or AMD with glibc 2.28 or newer."
  case $prefix in /*) ;; *) refuse "--prefix needs a whole path, for example /opt/Tillwire." ;; esac
  case $prefix in *[!A-Za-z0-9._/-]*) refuse "--prefix may hold letters, digits and . _ - only." ;; esac
  if [ -n "$root" ]; then
    [ -d "$root" ] || refuse "the folder $root of --root does not exist."
    return 0
  fi
  [ "$(id -u)" = 0 ] || refuse "it needs the rights of root. Run it as: sudo $0"
  if [ ! -d /run/systemd/system ]; then
    [ "$package" = no ] || return 0
    refuse "this machine does not run systemd. Start the agent with your own supervisor instead: see docs/install.md."
  fi
}

check_enrolment() {
  if [ -n "$store" ]; then
    case $store in *[!A-Za-z0-9_-]*) refuse "store \"$store\": use letters, digits, _ and - only." ;; esac
    [ "${#store}" -le 32 ] || refuse "store \"$store\" is longer than 32 letters."
  fi
  case $broker in '' | mqtt://* | mqtts://*) ;; *) refuse "broker \"$broker\": begin with mqtt:// or mqtts://." ;; esac
  case $broker in *[\"\\]*) refuse "the broker's address holds a quotation mark." ;; esac
  if [ -n "$store$broker" ] && { [ -z "$store" ] || [ -z "$broker" ]; }; then
    refuse "--store and --broker go together."
  fi
  case $mirror in '' | /*) ;; *) refuse "--mirror needs a whole path, for example /media/second/tillwire." ;; esac
  case $mirror in *[!A-Za-z0-9._/-]*) refuse "--mirror may hold letters, digits and . _ - only." ;; esac
  if [ -L "$data" ] || { [ -e "$data" ] && [ ! -d "$data" ]; }; then
    refuse "$data is not a folder. Look at what it is before installing."
  fi
}

make_accounts() {
  [ -z "$root" ] || return 0
  getent group tillwire-window >/dev/null || groupadd --system tillwire-window
  if account=$(getent passwd tillwire); then
    [ "$(echo "$account" | cut -d: -f3)" -lt 1000 ] ||
      refuse "the account \"tillwire\" belongs to a person. Rename it: the service needs that name."
  else
    useradd --system --gid tillwire-window --home-dir /var/lib/tillwire --no-create-home \
      --shell /usr/sbin/nologin --comment 'Tillwire store agent' tillwire
  fi
  for name in $window_users; do
    getent passwd "$name" >/dev/null || refuse "there is no account \"$name\"; --window-user names one of this machine."
    usermod --append --groups tillwire-window "$name"
    say "$name may open the store window after the next log-in."
  done
}

own() { [ -n "$root" ] || chown "$1" "$2"; }

place_program() {
  if [ "$source" = "$(readlink -m "$target")" ]; then return 0; fi
  mkdir -p "$target"
  rm -rf "$target.new"
  mkdir "$target.new"
  for part in agent node install hashes.json; do cp -R "$source/$part" "$target.new/"; done
  chmod -R u=rwX,go=rX "$target.new"
  rm -rf "$target.old"
  mv "$target" "$target.old"
  mv "$target.new" "$target"
  rm -rf "$target.old"
}

place_unit() {
  units=$root/etc/systemd/system bin=$root/usr/local/bin
  [ "$package" = no ] || { units=$root/usr/lib/systemd/system bin=$root/usr/bin; }
  mkdir -p "$units" "$bin"
  sed "s|/opt/Tillwire|$prefix|g" "$here/tillwire.service" >"$units/tillwire.service"
  chmod 644 "$units/tillwire.service"
  sed "s|/opt/Tillwire|$prefix|g" "$here/tillwire.sh" >"$bin/tillwire"
  chmod 755 "$bin/tillwire"
  if [ -x "$root$prefix/tillwire-window" ]; then
    mkdir -p "$root/etc/xdg/autostart"
    sed "s|/opt/Tillwire|$prefix|g" "$here/tillwire.desktop" >"$root/etc/xdg/autostart/tillwire.desktop"
    chmod 644 "$root/etc/xdg/autostart/tillwire.desktop"
  fi
  if [ -n "$mirror" ]; then
    mkdir -p "$root/etc/systemd/system/tillwire.service.d" "$root$mirror"
    own tillwire:tillwire-window "$root$mirror"
    chmod 700 "$root$mirror"
    printf '# The second copy; a disk that is away must not keep the agent from starting.\n[Service]\nReadWritePaths=-%s\nEnvironment="TILLWIRE_MIRROR=--mirror %s"\n' \
      "$mirror" "$mirror" >"$root/etc/systemd/system/tillwire.service.d/mirror.conf"
  fi
}

# Beside, then renamed: the agent never reads half a file.
keep() { # content on standard input
  (umask 077 && cat >"$data/$1.part")
  own tillwire:tillwire-window "$data/$1.part"
  mv "$data/$1.part" "$data/$1"
}

place_data() {
  mkdir -p "$data"
  chmod 700 "$data"
  own tillwire:tillwire-window "$data"
  if [ -f "$from/tillwire-settings.json" ]; then
    keep settings.json <"$from/tillwire-settings.json"
    say "Settings taken from $from/tillwire-settings.json."
  fi
  if [ -f "$data/identity.json" ]; then
    [ -z "$store" ] || say "The data folder belongs to a store already: --store and --broker were left aside."
  elif [ -n "$store" ]; then
    printf '{ "store": "%s", "broker": "%s" }\n' "$store" "$broker" | keep enrolment.json
  elif [ -f "$from/tillwire-enrolment.json" ]; then
    keep enrolment.json <"$from/tillwire-enrolment.json"
    say "Enrolment taken from $from/tillwire-enrolment.json."
  fi
}

# What applies updates; without it the agent runs all the same.
place_updates() {
  updates=$target/install/update/install.sh
  if [ ! -x "$updates" ]; then return 0; fi
  "$updates" --root "$root" --prefix "$prefix" || say "Updates could not be set up: this machine must be updated by hand."
}

start_service() {
  if [ -n "$root" ] || [ ! -d /run/systemd/system ]; then return 0; fi
  systemctl daemon-reload
  systemctl enable --quiet tillwire.service
  [ "$start" = yes ] || return 0
  if [ ! -f "$data/identity.json" ] && [ ! -f "$data/enrolment.json" ]; then
    say "The service starts once the store is named: sudo $prefix/resources/install/install.sh --store ID --broker URL"
    return 0
  fi
  systemctl restart tillwire.service
  tries=0
  while ! [ -f /run/tillwire/window.json ] && [ "$tries" -lt 20 ]; do sleep 1; tries=$((tries + 1)); done
  systemctl --quiet is-active tillwire.service ||
    refuse "the service does not run. It says why in: journalctl --unit tillwire"
  say "The agent runs and starts with this machine."
}

check_machine
check_enrolment
make_accounts
place_program
place_unit
place_data
place_updates
start_service
say "Installed. Program: $prefix, data: /var/lib/tillwire, settings: /etc/default/tillwire."
