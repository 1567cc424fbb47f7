#!/bin/sh
# Gathers the licences of the packages that are carried along: licences.sh SITE FOLDER
# Those that say theirs by name only (Qt, FFmpeg and zbar: LGPL) get its text from this system, where it has it.
set -eu
mkdir -p "$2"
find "$1" -ipath '*.dist-info/*' \( -iname '*licen[sc]e*' -o -iname '*copying*' -o -iname '*notice*' \) -type f |
    while read -r file; do
        package=$(printf '%s' "$file" | sed 's|.*/\([^/]*\)-[^/-]*\.dist-info/.*|\1|')
        cp "$file" "$2/$package-$(basename "$file")"
    done
for name in LGPL-3 LGPL-2.1 GPL-3; do
    [ ! -r "/usr/share/common-licenses/$name" ] || cp -L "/usr/share/common-licenses/$name" "$2/"
done
cp packaging/carried-along.txt "$2/README"
