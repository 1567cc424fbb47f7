#!/bin/sh
# Makes dist/pos-app-VERSION-linux-x86_64.run: the frozen program as tar.xz behind a head that unpacks it. Needs xz,
# and what freeze.sh needs. Takes about two minutes on top of that; LEVEL=1 makes a larger one sooner.
set -eu
cd "$(dirname "$0")/../.."
build=$(realpath -m "${BUILD:-build}")
dist=$(realpath -m "${DIST:-dist}")
packaging/linux/freeze.sh
version=$(sed -n 's/^__version__ = "\(.*\)"$/\1/p' pos_app/__init__.py)
name=pos-app-$version-linux-x86_64.run
mkdir -p "$dist"
XZ_OPT="-${LEVEL:-6} -T0" tar -cJf "$build/portable.tar.xz" --sort=name --owner=0 --group=0 --numeric-owner --mode=u=rwX,go=rX \
    --mtime="@$(git log -1 --format=%ct 2>/dev/null || date +%s)" -C "$build/frozen/pos-app" .
packaging/linux/self-extracting.sh "$build/portable.tar.xz" "$version" "$(packaging/linux/glibc.sh "$build/frozen")" \
    "$dist/$name"
rm "$build/portable.tar.xz"
