#!/bin/sh
# After the Debian package put its files in place, at the first time and at each update: the window, then the service.
set -eu
program='/opt/${sanitizedProductName}'

ln -sf "$program/${executable}" '/usr/bin/${executable}'

# Chromium's sandbox: by user namespaces where the kernel lets it, else by its helper with the rights of root.
if [ -f "$program/chrome-sandbox" ]; then
  if unshare --user true 2>/dev/null; then
    chmod 0755 "$program/chrome-sandbox"
  else
    chmod 4755 "$program/chrome-sandbox"
  fi
fi
profile="$program/resources/apparmor-profile"
if [ -f "$profile" ] && apparmor_status --enabled >/dev/null 2>&1 &&
  apparmor_parser --skip-kernel-load --debug "$profile" >/dev/null 2>&1; then
  cp -f "$profile" '/etc/apparmor.d/${executable}'
  apparmor_parser --replace --write-cache --skip-read-cache '/etc/apparmor.d/${executable}' || true
fi
if command -v update-desktop-database >/dev/null; then
  update-desktop-database /usr/share/applications || true
fi

# Whoever installs it by hand wants to open the window.
if [ -n "$(printenv SUDO_USER || true)" ] && [ "$(printenv SUDO_USER)" != root ]; then
  "$program/resources/install/install.sh" --package --from /etc/tillwire --window-user "$(printenv SUDO_USER)"
else
  "$program/resources/install/install.sh" --package --from /etc/tillwire
fi
