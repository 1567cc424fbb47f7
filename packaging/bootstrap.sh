#!/bin/sh
# Brings a fresh Debian-like machine up: system libraries where missing, then the Python packages into .venv.
#   packaging/bootstrap.sh run|dev
# "dev" adds what the tests need. Nothing is touched when nothing is missing.
set -eu
cd "$(dirname "$0")/.."
kind=${1:-run}

say() { printf 'pos-app: %s\n' "$*" >&2; }

# --- system libraries: "file package", by what the dynamic loader can find ---------------------------------------
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

missing=''
known=$( { ldconfig -p || /sbin/ldconfig -p; } 2>/dev/null || true)
while read -r file package; do
    [ -n "$file" ] || continue
    case "$known" in *"$file "*) ;; *) missing="$missing $package" ;; esac
done <<LIST
$libraries
LIST
while read -r program package; do
    [ -n "$program" ] || continue
    command -v "$program" >/dev/null 2>&1 || missing="$missing $package"
done <<LIST
$programs
LIST
python=${PYTHON:-python3}
"$python" -c 'import ensurepip, venv' 2>/dev/null || missing="$missing python3-venv"

if [ -n "$missing" ] && ! command -v apt-get >/dev/null 2>&1; then
    say "this system has no apt-get; please install what these Debian packages hold:$missing"
elif [ -n "$missing" ]; then
    install="apt-get install -y -qq --no-install-recommends -o DPkg::Lock::Timeout=120$missing"
    if [ "$(id -u)" = 0 ]; then root=''; elif sudo -n true 2>/dev/null; then root='sudo'; else root=none; fi
    if [ "$root" = none ]; then
        say "please install:  sudo apt-get install$missing   (then run this again)"
        case "$missing" in *python3-venv*) exit 1 ;; esac
    else
        say "installing system libraries:$missing"
        $root env DEBIAN_FRONTEND=noninteractive apt-get update -qq -o DPkg::Lock::Timeout=120 >/dev/null
        $root env DEBIAN_FRONTEND=noninteractive $install >/dev/null
    fi
fi

# --- Python packages ----------------------------------------------------------------------------------------------
"$python" -c 'import sys; sys.exit(sys.version_info < (3, 11))' || { say 'Python 3.11 or newer is needed'; exit 1; }
requirements=packaging/requirements.txt
[ "$kind" = dev ] && requirements=packaging/requirements-dev.txt
# uv lives outside .venv: an exact sync removes what the lock does not name.
if ! .tools/bin/python -m uv --version >/dev/null 2>&1; then
    say 'setting up (once): the package installer'
    rm -rf .tools && "$python" -m venv .tools && .tools/bin/python -m pip install -q --disable-pip-version-check --require-hashes -r packaging/requirements-tools.txt
fi
[ -x .venv/bin/python ] && .venv/bin/python -c '' 2>/dev/null || { rm -rf .venv; "$python" -m venv --without-pip .venv; }
say "Python packages ($kind)"
.tools/bin/python -m uv pip sync -q --python .venv/bin/python --require-hashes "$requirements"
# The program itself: a path file and the console script, so that no build step runs.
site=$(.venv/bin/python -c 'import sysconfig; print(sysconfig.get_path("purelib"))')
pwd > "$site/pos_app.pth"
cat > .venv/bin/pos-app <<SCRIPT
#!$(pwd)/.venv/bin/python
import sys
from pos_app.cli import main
sys.exit(main())
SCRIPT
chmod +x .venv/bin/pos-app
