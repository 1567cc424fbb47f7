#!/bin/sh
# Beside the installers in dist/: what is in them (SBOM, CycloneDX JSON, made from the lock) and their SHA-256 sums.
set -eu
cd "$(dirname "$0")/.."
build=$(realpath -m "${BUILD:-build}")
dist=$(realpath -m "${DIST:-dist}")
version=$(sed -n 's/^__version__ = "\(.*\)"$/\1/p' pos_app/__init__.py)
bom=pos-app-$version.cdx.json
sed "s/^dynamic = .*/version = \"$version\"/" pyproject.toml >"$build/pyproject.toml"
SOURCE_DATE_EPOCH=$(git log -1 --format=%ct 2>/dev/null || date +%s)
export SOURCE_DATE_EPOCH
"$build/venv/bin/python" -W ignore -m cyclonedx_py requirements packaging/requirements.txt --pyproject "$build/pyproject.toml" \
    --output-reproducible --output-file "$dist/$bom"
cd "$dist"
set -- *"$version"*
sha256sum "$@" >SHA256SUMS
cat SHA256SUMS
