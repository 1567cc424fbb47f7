#!/bin/sh
# Signs dist/SHA256SUMS with an Ed25519 key that never leaves its file: sign.sh KEY.pem
#   a key      openssl genpkey -algorithm ed25519 -out KEY.pem; openssl pkey -in KEY.pem -pubout -out PUBLIC.pem
#   to check   openssl pkeyutl -verify -pubin -inkey PUBLIC.pem -rawin -in SHA256SUMS -sigfile SHA256SUMS.sig
#              sha256sum --check SHA256SUMS
set -eu
key=$(realpath "${1:?sign.sh KEY.pem}")
cd "$(realpath -m "${DIST:-$(dirname "$0")/../dist}")"
sha256sum --check --quiet SHA256SUMS
openssl pkeyutl -sign -inkey "$key" -rawin -in SHA256SUMS -out SHA256SUMS.sig
public=$(mktemp)
trap 'rm -f "$public"' EXIT
openssl pkey -in "$key" -pubout -out "$public"
openssl pkeyutl -verify -pubin -inkey "$public" -rawin -in SHA256SUMS -sigfile SHA256SUMS.sig
