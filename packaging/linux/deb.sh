#!/bin/sh
# Makes dist/pos-app_VERSION_amd64.deb from the frozen program. Needs dpkg-deb, and what freeze.sh needs. Takes about
# two minutes on top of that; LEVEL=1 makes a larger one sooner.
set -eu
cd "$(dirname "$0")/../.."
build=$(realpath -m "${BUILD:-build}")
dist=$(realpath -m "${DIST:-dist}")
packaging/linux/freeze.sh
version=$(sed -n 's/^__version__ = "\(.*\)"$/\1/p' pos_app/__init__.py)
tree=$build/deb
rm -rf "$tree"

# /opt is for what is not of the distribution; nothing that dpkg runs: no maintainer script, so removal is complete.
mkdir -p "$tree/DEBIAN" "$tree/opt" "$tree/usr/bin" "$tree/usr/share/applications" "$tree/usr/share/doc/pos-app" \
    "$tree/usr/share/icons/hicolor/scalable/apps" "$tree/usr/share/icons/hicolor/256x256/apps" "$dist"
cp -a "$build/frozen/pos-app" "$tree/opt/pos-app"
ln -s ../../opt/pos-app/pos-app "$tree/usr/bin/pos-app"
cp packaging/linux/pos-app.desktop "$tree/usr/share/applications/"
cp resources/app/pos-app.svg "$tree/usr/share/icons/hicolor/scalable/apps/"
cp resources/app/pos-app.png "$tree/usr/share/icons/hicolor/256x256/apps/"
cp LICENSE "$tree/usr/share/doc/pos-app/copyright"
gzip -9nc CHANGELOG.md >"$tree/usr/share/doc/pos-app/changelog.gz"

# Whatever the builder's umask: everybody may read, only programs run, only root writes.
chmod -R u=rwX,go=rX "$tree"
find "$tree" -type f ! -path "$tree/opt/pos-app/pos-app" -exec chmod 644 {} +

glibc=$(packaging/linux/glibc.sh "$tree/opt")
sed -e "s/@VERSION@/$version/; s/@GLIBC@/$glibc/; s/@KIBIBYTES@/$(du -sk "$tree" | cut -f1)/" \
    packaging/linux/control >"$tree/DEBIAN/control"
(cd "$tree" && find opt usr -type f -exec md5sum {} + | LC_ALL=C sort -k2 >DEBIAN/md5sums)
chmod 644 "$tree/DEBIAN/control" "$tree/DEBIAN/md5sums"
SOURCE_DATE_EPOCH=$(git log -1 --format=%ct 2>/dev/null || date +%s)
export SOURCE_DATE_EPOCH
dpkg-deb --root-owner-group -Zxz "-z${LEVEL:-6}" --build "$tree" "$dist/pos-app_${version}_amd64.deb"
rm -rf "$tree"
