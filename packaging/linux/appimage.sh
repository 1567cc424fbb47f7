#!/bin/sh
# UNTRIED: a recipe for dist/pos-app-VERSION-x86_64.AppImage. It needs `appimagetool` and its runtime, which come from
# no package registry; nobody has run this yet. What it packs is the same frozen program as the .deb's.
set -eu
cd "$(dirname "$0")/../.."
build=$(realpath -m "${BUILD:-build}")
dist=$(realpath -m "${DIST:-dist}")
packaging/linux/freeze.sh
version=$(sed -n 's/^__version__ = "\(.*\)"$/\1/p' pos_app/__init__.py)
tree=$build/pos-app.AppDir
rm -rf "$tree"
mkdir -p "$tree" "$dist"
cp -a "$build/frozen/pos-app" "$tree/program"
cp packaging/linux/pos-app.desktop resources/app/pos-app.svg "$tree/"
ln -s pos-app.svg "$tree/.DirIcon"
cat >"$tree/AppRun" <<'START'
#!/bin/sh
exec "$(dirname "$(readlink -f "$0")")/program/pos-app" "$@"
START
chmod 755 "$tree/AppRun"
ARCH=x86_64 appimagetool --no-appstream "$tree" "$dist/pos-app-$version-x86_64.AppImage"
