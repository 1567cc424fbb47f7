#!/bin/sh
# Whether every program and library of a Python for Windows is as its makers signed it: signed.sh FOLDER. Ends with 1 at
# the first one that is not. Microsoft's two runtime libraries are signed under a root that only Windows knows: here their
# digest is compared with the signed one; the workflow has Windows check them whole. The compiled standard library
# (python311.zip) carries no signature: the hash in runtime.txt alone vouches for it.
set -eu
wrong() { printf '%s: %s\n' "$1" "$2" >&2; exit 1; }
for file in "$1"/*.exe "$1"/*.dll "$1"/*.pyd; do
    # Revocation lists would have to be fetched; a revoked signature of these releases would be news.
    said=$(osslsigncode verify -ignore-crl "$file" 2>&1) && verified=yes || verified=no
    digests=$(printf '%s\n' "$said" | sed -n 's/^\(Current\|Calculated\) message digest *: *//p' | sort -u | wc -l)
    signer=$(printf '%s\n' "$said" | sed -n '/^Signer.s certificate/,/Issuer/s|.*Subject: .*/O=\([^/]*\).*|\1|p' | head -n 1)
    [ "$digests" = 1 ] || wrong "$file" 'it was changed after it was signed, or never signed'
    case $(basename "$file"):$signer:$verified in
    vcruntime140*.dll:'Microsoft Corporation':*) ;;
    *:'Python Software Foundation':yes) ;;
    *) wrong "$file" "signed by '$signer', verified: $verified" ;;
    esac
done
