#!/bin/sh
# Puts the head before an archive: self-extracting.sh ARCHIVE.tar.xz VERSION GLIBC FILE
set -eu
head=$(dirname "$0")/portable-head.sh
sum=$(sha256sum "$1" | cut -d' ' -f1)
skip=$(($(wc -l <"$head") + 1))
{
    sed -e "s/@SKIP@/$skip/; s/@SUM@/$sum/; s/@VERSION@/$2/; s/@GLIBC@/$3/; s/@NAME@/$(basename "$4")/" "$head"
    cat "$1"
} >"$4.new"
chmod 755 "$4.new"
mv "$4.new" "$4"
