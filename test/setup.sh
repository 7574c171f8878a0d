#!/usr/bin/env bash
# What the tests need besides npm ci: the Debian packages of test/debian-packages.txt. Installs what is missing where it may (as root, with
# apt); elsewhere it fails with the one line to type. No service is started by it. With --check it only looks.
set -euo pipefail
here=$(cd "$(dirname "${BASH_SOURCE[0]}")" && pwd)

mapfile -t packages < <(sed -e 's/#.*//' -e 's/[[:space:]]*$//' "$here/debian-packages.txt" | grep .)

if ! command -v dpkg-query >/dev/null || ! command -v apt-get >/dev/null; then
  echo "The tests need Debian (or a relative) with these packages: ${packages[*]}" >&2
  exit 1
fi

if [ "$(id -u)" -ne 0 ] && [ "${1:-}" != --check ]; then
  echo "Not root: the tests that start Postfix will fail, and those that fill a small disk of their own are left out. All of them:" >&2
  echo "  sudo npm test" >&2
fi

missing_packages() {
  local package
  for package in "${packages[@]}"; do
    [ "$(dpkg-query -W -f='${db:Status-Abbrev}' "$package" 2>/dev/null | cut -c1-2)" = ii ] || echo "$package"
  done
}

mapfile -t missing < <(missing_packages)
[ "${#missing[@]}" -gt 0 ] || exit 0

# Services stay off (policy-rc.d), and Postfix must not ask or configure itself.
install_line="DEBIAN_FRONTEND=noninteractive apt-get install -y --no-install-recommends ${missing[*]}"
fail() {
  echo "Debian packages that the tests talk to are missing. Type:" >&2
  echo "  sudo $install_line" >&2
  exit 1
}

[ "${1:-}" != --check ] || fail
[ "$(id -u)" -eq 0 ] || fail

policy=/usr/sbin/policy-rc.d
if [ ! -e "$policy" ]; then
  trap 'rm -f "$policy"' EXIT
  printf '#!/bin/sh\nexit 101\n' >"$policy"
  chmod 755 "$policy"
fi
if command -v debconf-set-selections >/dev/null; then
  echo 'postfix postfix/main_mailer_type select No configuration' | debconf-set-selections || true
fi

install() {
  DEBIAN_FRONTEND=noninteractive timeout 600 apt-get install -y -q --no-install-recommends \
    -o Dpkg::Options::=--force-confold -o DPkg::Lock::Timeout=120 "${missing[@]}" </dev/null
}
echo "Installing Debian packages for the tests: ${missing[*]}" >&2
log=$(mktemp)
if ! install >"$log" 2>&1; then
  # The lists of packages may be old, or were never read.
  if ! { timeout 300 apt-get update -q </dev/null && install; } >>"$log" 2>&1; then
    tail -n 20 "$log" >&2
    rm -f "$log"
    fail
  fi
fi
rm -f "$log"

mapfile -t missing < <(missing_packages)
[ "${#missing[@]}" -eq 0 ] || fail
