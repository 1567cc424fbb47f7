#!/bin/sh
# The oldest C library that the program in a folder runs on: the newest symbol that anything in it asks for.
set -eu
find "$1" -type f \( -name '*.so*' -o -name pos-app \) -exec objdump -T {} + 2>/dev/null |
    grep -o 'GLIBC_2\.[0-9]*' | sort -Vu | tail -n 1 | cut -d_ -f2
