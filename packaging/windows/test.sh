#!/bin/sh
# Tries the Windows installer where there is no Windows: test.sh SETUP.exe, under 64-bit Wine.
# Laid down without a question, every file as it was packed, every library finds those that it asks for, its Python runs
# our rules and SQLite; removed, data kept. What Wine cannot load (Qt, numpy, cryptography) is NOT proven here: the
# window, decoding and payments are tried by the workflow on a real Windows only.
set -eu
setup=$(realpath "$1")
cd "$(dirname "$0")/../.."
build=$(realpath -m "${BUILD:-build}")
wine=${WINE:-/usr/lib/wine/wine64}
WINEPREFIX=$build/wine
WINEDEBUG=-all
WINEDLLOVERRIDES='mscoree,mshtml='
export WINEPREFIX WINEDEBUG WINEDLLOVERRIDES
unset DISPLAY PYTHONPATH POS_APP_HOME QT_QPA_PLATFORM || true
say() { printf '%s  %s\n' "$(date +%T)" "$*"; }
die() { say "WRONG: $*"; exit 1; }
trap '"$(dirname "$wine")"/wineserver64 -k 2>/dev/null || true; rm -rf "$WINEPREFIX"' EXIT
rm -rf "$WINEPREFIX"
run() { "$wine" "$@" </dev/null; }
run wineboot -i >/dev/null 2>&1 || die 'wine does not start'
# It calls itself Windows 7 otherwise, which the installer refuses.
run reg add 'HKCU\Software\Wine' /v Version /d win10 /f >/dev/null 2>&1
"$(dirname "$wine")"/wineserver64 -k || true
installed=$WINEPREFIX/drive_c/till
data=$WINEPREFIX/drive_c/users/$(id -un)/AppData/Local/pos-app

# What a library asks for is packed beside it or comes with Windows (Wine knows what does; two are newer than Wine).
asked_for() { find "$1" \( -iname '*.dll' -o -iname '*.pyd' -o -iname '*.exe' \) -exec objdump -p {} + 2>/dev/null |
    awk '$1 == "DLL" && $2 == "Name:" { print tolower($3) }' | sort -u; }
of_windows=$(find /usr/lib/*/wine/x86_64-windows \( -name '*.dll' -o -name '*.drv' \) -printf '%f\n'
    printf 'icuuc.dll\nbcryptprimitives.dll\n')

began=$(date +%s)
run "$setup" /S '/D=C:\till' || die "setup ended with $?"
say "installed without a question in $(($(date +%s) - began)) s, $(du -sm "$installed" | cut -f1) MB"
if diff -rq "$build/windows/pos-app" "$installed" | grep -v 'uninstall.exe$'; then die 'files differ'; fi
say "$(find "$installed" -type f | wc -l) files, each as it was packed"
packed=$(find "$installed" -type f -printf '%f\n' | tr '[:upper:]' '[:lower:]')
nowhere=$(asked_for "$installed" | grep -v '^api-ms-win-' | while read -r name; do
    printf '%s\n%s\n' "$packed" "$of_windows" | grep -qxF "$name" || echo "$name"
done)
[ -z "$nowhere" ] || die "libraries that nothing brings: $nowhere"
say 'every library finds those that it asks for'
find "$WINEPREFIX/drive_c" -name '*.lnk' -path '*Start Menu*' | grep -q . || die 'no entry in the Start menu'
# All it says goes into a pipe: from Wine, Python cannot write into a file.
python() {
    said=$({ run "$installed/python/python.exe" "$@" && echo done; } 2>&1 | tr -d '\r')
    case $said in
    *done) say "$(printf '%s' "${said%done}" | tr '\n' ' ')" ;;
    *) printf '%s\n' "$said" | head -n 5; die "python $1" ;;
    esac
}
python -c '
import sqlite3, sys, pos_app, pos_app.cli, pos_app.settings, pos_app.resources
from pos_app.money import in_words, with_sign
from pos_app.payments.payment_code import read_scan
from pos_app.qr import vietqr
import alembic, httpx, qrcode, reportlab, serial, sqlalchemy, starlette
assert sqlite3.connect(":memory:").execute("select 1").fetchone() == (1,)
assert in_words(50_000).en == "Fifty thousand dong", in_words(50_000)
assert pos_app.resources.font_file("BeVietnamPro-Bold").is_file()
print("Python", sys.version.split()[0], "SQLite", sqlite3.sqlite_version, "pos-app", pos_app.__version__)
print(pos_app.settings.data_folder())'
python -m pos_app --version
mkdir -p "$data"
echo kept >"$data/journal.sqlite3"
run "$installed/uninstall.exe" /S '_?=C:\till' || die "removal ended with $?"
[ ! -e "$installed/python" ] && [ ! -e "$installed/site" ] || die 'not removed'
find "$WINEPREFIX/drive_c" -name '*.lnk' -path '*Start Menu*' | grep -q . && die 'the entry in the Start menu is left'
[ "$(cat "$data/journal.sqlite3")" = kept ] || die 'the data are gone'
say 'removed, the data kept. The window itself stays unproven here'
