#!/usr/bin/env bash
# Says plainly which of the tools that every build needs are missing, and what to do.
set -euo pipefail

missing=0
need() { # program, what to do
    command -v "$1" >/dev/null && return
    echo "$1 is not installed: $2" >&2
    missing=1
}
need go 'install Go 1.26 or newer from https://go.dev/dl/'
need node 'install Node.js 20.19 or newer from https://nodejs.org/'
need npm 'it comes with Node.js, see https://nodejs.org/'

if command -v node >/dev/null && ! node -e '
    const [major, minor] = process.versions.node.split(".").map(Number);
    process.exit(major > 20 || (major === 20 && minor >= 19) ? 0 : 1);'; then
    echo "node $(node --version) is too old: install Node.js 20.19 or newer from https://nodejs.org/" >&2
    missing=1
fi
exit "$missing"
