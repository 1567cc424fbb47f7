#!/bin/sh
# Whether every program and library in a folder is as the Python Software Foundation (or Microsoft, for its two runtime
# libraries) signed it: signed.sh FOLDER. Ends with 1 at the first one that is not. The compiled standard library
# (python311.zip) carries no such signature: the hash in runtime.txt alone vouches for it.
set -eu
for file in "$1"/*.exe "$1"/*.dll "$1"/*.pyd; do
    # Revocation lists would have to be fetched; a revoked signature of these releases would be news.
    said=$(osslsigncode verify -ignore-crl "$file" 2>&1) || { echo "not signed as it should be: $file" >&2; exit 1; }
    signer=$(printf '%s\n' "$said" | sed -n "/Signer's certificate/,/Issuer/s|.*Subject: .*/O=\([^/]*\).*|\1|p" | head -n 1)
    case $signer in
    'Python Software Foundation') ;;
    'Microsoft Corporation') case $(basename "$file") in vcruntime140*.dll) ;; *) echo "signed by $signer: $file" >&2; exit 1 ;; esac ;;
    *) echo "signed by '$signer': $file" >&2; exit 1 ;;
    esac
done
