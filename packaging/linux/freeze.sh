#!/bin/sh
# Freezes the program into a folder that needs no Python: $BUILD/frozen/pos-app (BUILD: "build" where it is not set).
# Called by deb.sh and portable.sh. Ends at once when nothing changed since the last time, else takes 2 to 4 minutes.
# Needs binutils, libzbar0, and a Python with its shared library (Debian: libpython3.11).
set -eu
cd "$(dirname "$0")/../.."
build=$(realpath -m "${BUILD:-build}")
mkdir -p "$build"
made_from=$(find pos_app resources packaging/linux/pos-app.spec packaging/linux/frozen.py packaging/linux/freeze.sh \
    packaging/unused-parts.txt packaging/requirements-build.txt -type f ! -name '*.pyc' -exec sha256sum {} + |
    LC_ALL=C sort | sha256sum)
[ "$(cat "$build/frozen/made-from" 2>/dev/null)" != "$made_from" ] || exit 0

# Nothing but what the lock names, apart from what the tests have.
[ -x "$build/venv/bin/python" ] || .tools/bin/python -m uv venv -q --python .venv/bin/python "$build/venv"
.tools/bin/python -m uv pip sync -q --system-certs --python "$build/venv/bin/python" --require-hashes \
    packaging/requirements-build.txt

# The same time in every file: the same source gives the same archive.
SOURCE_DATE_EPOCH=$(git log -1 --format=%ct 2>/dev/null || date +%s)
export SOURCE_DATE_EPOCH PYTHONHASHSEED=0
rm -rf "$build/frozen"
"$build/venv/bin/python" -m PyInstaller --noconfirm --log-level WARN --distpath "$build/frozen" \
    --workpath "$build/work" packaging/linux/pos-app.spec
# Libraries in *.libs were patched by those who built them, and do not survive stripping.
find "$build/frozen/pos-app" -type f -name '*.so*' ! -path '*.libs/*' -exec strip --strip-unneeded {} + 2>/dev/null || true

packaging/licences.sh "$build/venv" "$build/frozen/pos-app/licences"
printf '%s\n' "$made_from" >"$build/made-from"

# What only the parts that were left out needed goes as well, until nothing is there that nothing asks for. zbar and
# Python itself are opened by name.
cd "$build/frozen/pos-app/_internal"
find . -xtype l -delete
gone=yes
while [ -n "$gone" ]; do
    gone=''
    find .. -type f \( -name '*.so*' -o -name pos-app \) -exec objdump -p {} + | awk '$1 == "NEEDED" { print $2 }' |
        sort -u >"$build/needed"
    for library in lib*.so*; do
        case $library in libzbar.so* | libpython*) continue ;; esac
        grep -qxF "$library" "$build/needed" || { rm "$library"; gone=yes; }
    done
done
mv "$build/made-from" "$build/frozen/"
