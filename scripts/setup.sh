#!/usr/bin/env bash
# Makes everything that the other commands need: system packages, .venv, node_modules. Does nothing when done.
#
# As root it installs missing system packages by apt. As another user it says which command root has to
# run. PYTHON names the interpreter for .venv (default: python3).
set -euo pipefail
cd "$(dirname "${BASH_SOURCE[0]}")/.."

say() { echo "setup: $*" >&2; }

die() {
    say "$@"
    exit 1
}

has() { command -v "$1" >/dev/null; }

# Debian's names of the packages that are missing. What counts is the thing itself, whoever installed it.
missing_packages() {
    if [[ -z "${ARCHIBALD_CHROMIUM:-}" ]] && ! has chromium-headless-shell && ! has chromium; then
        echo chromium-headless-shell
    fi
    # Playwright's own Node.js needs it; without it the driver ends with "Connection closed".
    if ! PATH="$PATH:/sbin:/usr/sbin" ldconfig -p | grep -q 'libatomic\.so\.1'; then echo libatomic1; fi
    # Without any font a page has no text to click on.
    if ! compgen -G '/usr/share/fonts/*/liberation*' >/dev/null; then echo fonts-liberation; fi
    if ! has node; then echo nodejs; fi
    if ! has npm; then echo npm; fi
    if ! has setpriv || ! has setsid || ! has flock; then echo util-linux; fi
}

install_packages() {
    local missing
    mapfile -t missing < <(missing_packages)
    if [[ ${#missing[@]} == 0 ]]; then return; fi
    if [[ $EUID != 0 ]] || ! has apt-get; then
        die "some packages are missing; as root run: apt-get install --no-install-recommends ${missing[*]}"
    fi
    say "installing ${missing[*]}"
    export DEBIAN_FRONTEND=noninteractive
    apt-get -qq update
    apt-get -qq install --yes --no-install-recommends "${missing[@]}" >/dev/null
    mapfile -t missing < <(missing_packages)
    if [[ ${#missing[@]} != 0 ]]; then die "still missing after the installation: ${missing[*]}"; fi
}

# What .venv and node_modules were made from, and where: scripts in .venv hold its absolute path.
fingerprint() {
    pwd
    sha256sum pyproject.toml constraints.txt package.json client/node/package.json scripts/setup.sh
}

# Prometheus's own evaluator of alert rules, for tests: one static program out of Debian's package, whose
# server nobody needs here. Elsewhere its test is left out, and says so.
fetch_promtool() {
    if has promtool || ! has apt-get || ! has dpkg-deb; then return; fi
    say "fetching promtool"
    local folder
    folder=$(mktemp -d)
    chmod 755 "$folder"
    if (cd "$folder" && { apt-get -qq download prometheus || { apt-get -qq update && apt-get -qq download prometheus; }; }) >/dev/null 2>&1; then
        dpkg-deb --fsys-tarfile "$folder"/prometheus_*.deb | tar --extract --to-stdout ./usr/bin/promtool >.venv/bin/promtool
        chmod 755 .venv/bin/promtool
    else
        say "promtool cannot be had; the test of the alert rules is left out"
    fi
    rm -r "$folder"
}

make_environment() {
    local python=${PYTHON:-python3} stamp=.venv/setup-stamp
    exec 9<scripts/setup.sh
    flock 9 # of two set-ups at once, the second finds everything done
    if [[ -x .venv/bin/python && "$(cat "$stamp" 2>/dev/null)" == "$(fingerprint)" ]]; then return; fi

    "$python" -c 'import sys, venv, ensurepip; sys.exit(sys.version_info < (3, 11))' 2>/dev/null ||
        die "$python is not Python 3.11 or newer with venv (Debian: apt-get install python3-venv)"
    if [[ -f "$stamp" && "$(head -n 1 "$stamp")" != "$PWD" ]] || ! .venv/bin/python -c '' 2>/dev/null; then
        say "making .venv"
        "$python" -m venv --clear .venv
    fi
    say "installing Python packages"
    .venv/bin/python -m pip install --quiet --disable-pip-version-check \
        --constraint constraints.txt --editable '.[cli,server,dev]'
    say "installing npm packages"
    npm install --silent --no-audit --no-fund --no-progress
    fetch_promtool
    fingerprint >"$stamp"
    say "done"
}

install_packages
make_environment
