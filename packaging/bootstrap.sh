#!/bin/sh
# Brings a fresh Debian-like machine up: system libraries where missing, then the locked Python packages into .venv.
#   packaging/bootstrap.sh run|dev       "dev" adds what the tests need
# Asks the network for nothing and ends at once when all is in place. PYTHON=… chooses the interpreter.
set -eu
cd "$(dirname "$0")/.."
kind=${1:-run}
here=$(pwd)
requirements=packaging/requirements.txt
[ "$kind" = dev ] && requirements=packaging/requirements-dev.txt

say() { printf 'pos-app: %s\n' "$*" >&2; }
die() { say "$*"; exit 1; }
failed() { tail -n 3 "$log" >&2; die "$*: is there a network?"; }

# --- is all in place? ---------------------------------------------------------------------------------------------
# A stamp holds what it was made from: another folder, Python or lock, and it is no longer true.
stamp() {
    inputs='packaging/requirements.txt packaging/requirements-tools.txt packaging/bootstrap.sh'
    [ "$1" = dev ] && inputs="$inputs packaging/requirements-dev.txt"
    version=$(.venv/bin/python -c 'import sys; print(sys.version)' 2>/dev/null) || version=none
    printf '%s\n%s\n' "$here $version" "$(cat $inputs | cksum)"
}
holds() { [ -f "$2" ] && [ "$(cat "$2")" = "$(stamp "$1")" ]; }

if holds dev .venv/.ready-dev || { [ "$kind" = run ] && holds run .venv/.ready; }; then exit 0; fi

log=$(mktemp)
trap 'rm -f "$log"' EXIT

# --- system packages: "file package", by what the dynamic loader finds, and "program package" ------------------------
libraries='libGL.so.1 libgl1
libEGL.so.1 libegl1
libxkbcommon.so.0 libxkbcommon0
libxkbcommon-x11.so.0 libxkbcommon-x11-0
libdbus-1.so.3 libdbus-1-3
libfontconfig.so.1 libfontconfig1
libglib-2.0.so.0 libglib2.0-0
libbrotlidec.so.1 libbrotli1
libgssapi_krb5.so.2 libgssapi-krb5-2
libxcb-cursor.so.0 libxcb-cursor0
libxcb-icccm.so.4 libxcb-icccm4
libxcb-image.so.0 libxcb-image0
libxcb-keysyms.so.1 libxcb-keysyms1
libxcb-render-util.so.0 libxcb-render-util0
libxcb-shape.so.0 libxcb-shape0
libzbar.so.0 libzbar0'
programs=''
[ "$kind" = dev ] && programs='Xvfb xvfb
xdotool xdotool
xrandr x11-xserver-utils
pdftotext poppler-utils
chromium chromium
chromedriver chromium-driver'

find_python() {
    for python in ${PYTHON:-python3 python3.11 python3.12 python3.13 python3.14}; do
        "$python" -c 'import sys; sys.exit(sys.version_info < (3, 11))' 2>/dev/null && return
    done
    python=''
}

find_missing() {
    missing=''
    find_python
    if [ -z "$python" ]; then
        missing=' python3 python3-venv'
    elif ! "$python" -c 'import ensurepip, venv' 2>/dev/null; then
        missing=" $(basename "$python")-venv"
    fi
    known=$({ ldconfig -p || /sbin/ldconfig -p; } 2>/dev/null || true)
    while read -r file package; do
        case "$known" in *"$file "*) ;; *) missing="$missing $package" ;; esac
    done <<LIST
$libraries
LIST
    while read -r program package; do
        [ -z "$program" ] || command -v "$program" >/dev/null 2>&1 || missing="$missing $package"
    done <<LIST
$programs
LIST
}

# One by one where all at once fails: a name that this system does not know must not keep the others away.
install() {
    root=''
    if [ "$(id -u)" != 0 ]; then
        sudo -n true 2>/dev/null || return 0
        root=sudo
    fi
    say "installing$missing"
    apt="$root env DEBIAN_FRONTEND=noninteractive apt-get -y -qq -o DPkg::Lock::Timeout=120"
    $apt update >"$log" 2>&1 || true
    if ! $apt install --no-install-recommends $missing >>"$log" 2>&1; then
        for package in $missing; do
            $apt install --no-install-recommends "$package" >>"$log" 2>&1 || say "apt-get could not install $package"
        done
    fi
    find_missing
    [ -z "$missing" ] || tail -n 3 "$log" >&2
}

find_missing
[ -n "$python" ] || [ -z "${PYTHON:-}" ] || die "PYTHON=$PYTHON is not Python 3.11 or newer"
[ -z "$missing" ] || ! command -v apt-get >/dev/null 2>&1 || install
[ -z "$missing" ] || say "please install, then run this again:  sudo apt-get install$missing"
[ -n "$python" ] || die 'Python 3.11 or newer is needed'
"$python" -c 'import ensurepip, venv' 2>/dev/null || exit 1

# --- Python packages ----------------------------------------------------------------------------------------------
# uv lives outside .venv: an exact sync removes what the lock does not name.
tools=$(cksum <packaging/requirements-tools.txt)
if ! .tools/bin/python -m uv --version >/dev/null 2>&1 || [ "$(cat .tools/.ready 2>/dev/null)" != "$tools" ]; then
    say 'fetching the package installer'
    rm -rf .tools
    "$python" -m venv .tools
    .tools/bin/python -m pip install -q --disable-pip-version-check --require-hashes \
        -r packaging/requirements-tools.txt >"$log" 2>&1 || failed 'the package installer could not be fetched'
    printf '%s' "$tools" >.tools/.ready
fi
rm -f .venv/.ready .venv/.ready-dev
site() { .venv/bin/python -c 'import sysconfig; print(sysconfig.get_path("purelib"))' 2>/dev/null; }
# A folder that was moved or a Python that was replaced leaves a .venv that does not start, or starts from elsewhere.
[ "$(cat "$(site)/pos_app.pth" 2>/dev/null)" = "$here" ] || { rm -rf .venv && "$python" -m venv --without-pip .venv; }
sync() {
    .tools/bin/python -m uv pip sync -q --system-certs "$@" --python .venv/bin/python --require-hashes "$requirements"
}
# What was fetched once needs no network again.
sync --offline 2>/dev/null || { say "fetching Python packages ($kind)" && sync 2>"$log"; } ||
    failed 'the Python packages could not be fetched'
# The program itself: a path file and the command, so that no build step runs.
printf '%s\n' "$here" >"$(site)/pos_app.pth"
cat >.venv/bin/pos-app <<SCRIPT
#!/bin/sh
exec "$here/.venv/bin/python" -P -m pos_app "\$@"
SCRIPT
chmod +x .venv/bin/pos-app

# With a system package missing there is no stamp: the next run looks again, and says so again.
[ -n "$missing" ] || stamp "$kind" >".venv/.ready$([ "$kind" = dev ] && echo -dev || true)"
