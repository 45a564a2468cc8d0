#!/usr/bin/env bash
# Installs what the tests need and a fresh machine lacks: Chromium, PostgreSQL's server, a C
# compiler (for the race detector) and Python's venv (for Synapse). It does so as root with
# apt; anywhere else it names what is missing and fails, so that no test is ever skipped.
set -euo pipefail

has_chromium() { command -v chromium >/dev/null; }
has_postgres() { compgen -G '/usr/lib/postgresql/*/bin/initdb' >/dev/null || command -v initdb >/dev/null; }
has_compiler() { command -v cc >/dev/null; }
has_venv() { python3 -c 'import ensurepip, venv' 2>/dev/null; }

packages=()
has_chromium || packages+=(chromium)
has_postgres || packages+=(postgresql)
has_compiler || packages+=(gcc libc6-dev)
has_venv || packages+=(python3 python3-venv)

if [ "${#packages[@]}" -eq 0 ]; then
    exit 0
fi
if [ "$(id -u)" -ne 0 ] || ! command -v apt-get >/dev/null; then
    echo "the tests need these packages (names as in Debian): ${packages[*]}" >&2
    echo "install them, or run this once as root on Debian or Ubuntu: $0" >&2
    exit 1
fi
echo "installing what the tests need: ${packages[*]}"
export DEBIAN_FRONTEND=noninteractive
apt-get update -qq
apt-get install -y -qq --no-install-recommends "${packages[@]}" >/dev/null
has_chromium && has_postgres && has_compiler && has_venv
