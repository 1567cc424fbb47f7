#!/bin/sh
# Tries a .deb as a new user's machine would: test_deb.sh NEW.deb [OLDER.deb]
# A bare Debian in a folder: installed there, checked, started in a window on an X server, a demo payment taken by the
# keyboard, removed (the data stay), installed again (the journal goes on). With an older one: what that one wrote is
# opened by the new one first. Prints what it saw and how long it took; ends with 1 at the first thing that is wrong.
# Needs root, debootstrap, Xvfb, xdotool, and a Python with Pillow (.venv) for the pictures. SUITE chooses the Debian.
set -eu
new=$(realpath "$1")
older=${2:+$(realpath "$2")}
cd "$(dirname "$0")/../.."
build=$(realpath -m "${BUILD:-build}")
suite=${SUITE:-bookworm}
root=$build/debian-$suite
pictures=$build/pictures
python=$(pwd)/.venv/bin/python
mkdir -p "$pictures"

now() { date +%s.%N; }
since() { awk -v a="$1" -v b="$(now)" 'BEGIN { printf "%.1f s", b - a }'; }
say() { printf '%s  %s\n' "$(date +%T)" "$*"; }
die() { say "WRONG: $*"; exit 1; }

# --- a bare machine -----------------------------------------------------------------------------------------------
xvfb='' till=''
clean_up() {
    [ -z "$till" ] || kill "$till" 2>/dev/null || true
    [ -z "$xvfb" ] || kill "$xvfb" 2>/dev/null || true
    for place in tmp/.X11-unix dev/pts dev proc; do
        mountpoint -q "$root/$place" && umount "$root/$place"
    done
    # Nothing of this machine may hang in there any more.
    grep -q " $root/" /proc/mounts || rm -rf --one-file-system "$root"
}
trap clean_up EXIT
trap 'exit 130' INT TERM
began=$(now)
clean_up
debootstrap --variant=minbase "$suite" "$root" "$(apt-get indextargets --format '$(SITE)' 'Created-By: Packages' |
    head -n 1)" >"$build/debootstrap.log" 2>&1 || die "debootstrap: see $build/debootstrap.log"
mount --bind /proc "$root/proc"
mount --bind /dev "$root/dev"
mkdir -p "$root/tmp/.X11-unix" /tmp/.X11-unix
mount --bind /tmp/.X11-unix "$root/tmp/.X11-unix"
[ ! -d /etc/apt/apt.conf.d ] || cp /etc/apt/apt.conf.d/99* "$root/etc/apt/apt.conf.d/" 2>/dev/null || true
cp /etc/resolv.conf "$root/etc/" 2>/dev/null || true
as_root() { chroot "$root" env -i PATH=/usr/sbin:/usr/bin:/sbin:/bin DEBIAN_FRONTEND=noninteractive LC_ALL=C.UTF-8 "$@"; }
# Both become the program itself: a process started by them is known by its own number.
shop="chroot --userspec=shop:shop $root env -i PATH=/usr/bin:/bin HOME=/home/shop LC_ALL=C.UTF-8"
as_shop() { $shop "$@"; }
as_root useradd --create-home shop
as_root apt-get -qq update
say "a bare $suite: $(as_root dpkg-query -f '.\n' -W | wc -l) packages, in $(since "$began")"

install() {
    cp "$1" "$root/tmp/"
    as_root apt-get -y -qq install --no-install-recommends "/tmp/$(basename "$1")" >"$build/install.log" 2>&1 ||
        die "apt-get install: see $build/install.log"
    rm "$root/tmp/$(basename "$1")"
}
paid_payments() {  # an older one lists a day only
    { as_shop pos-app payments --range 2020-01-01..2099-12-31 --json >"$build/payments" 2>/dev/null ||
        as_shop pos-app payments --json >"$build/payments"; } && "$python" -c '
import json, sys
print(sum(payment["state"] == "paid" for payment in json.load(sys.stdin)["payments"]))' <"$build/payments"
}
data=$root/home/shop/.local/share/pos-app

# --- what an older one wrote ----------------------------------------------------------------------------------------
before=0
if [ -n "$older" ]; then
    install "$older"
    say "older: $(as_shop pos-app --version), journal steps $(ls "$root"/opt/pos-app/_internal/pos_app/journal/migrations/versions/v*.py | wc -l)"
    as_shop pos-app pay --demo --amount 20000 --json >/dev/null 2>&1 || die 'the older one takes no payment'
    before=$(paid_payments)
    say "older: $before paid"
fi

# --- installed --------------------------------------------------------------------------------------------------------
began=$(now)
install "$new"
say "apt install: $(since "$began"), $(du -sm "$root/opt/pos-app" | cut -f1) MB on disk, archive $(du -m "$new" | cut -f1) MB"

: >"$build/display"
Xvfb -displayfd 3 -screen 0 1366x768x24 -noreset -ac 3>>"$build/display" >/dev/null 2>&1 &
xvfb=$!
until [ -s "$build/display" ]; do sleep 0.1; done
display=:$(cat "$build/display")
export DISPLAY="$display"

shop="$shop DISPLAY=$display"
till_log=$build/till.log
open_till() {
    : >"$till_log"
    started=$(now)
    $shop pos-app run --demo --json >>"$till_log" 2>"$till_log.error" &
    till=$!
}
close_till() {
    kill -TERM "$till"
    wait "$till" || die "the till ended with $?"
}
open_till
reached() {  # what to wait for in the log, how long at most
    n=0
    until grep -q "$1" "$till_log"; do
        n=$((n + 1))
        [ "$n" -lt $(($2 * 20)) ] || { tail -n 3 "$till_log.error"; die "not reached: $1"; }
        sleep 0.05
    done
}
reached window 60
say "first window, first start: $(since "$started")"
reached till 60
say "ready to scan: $(since "$started")"
picture() { "$python" -c '
import sys
from PIL import ImageGrab
ImageGrab.grab(xdisplay=sys.argv[1]).save(sys.argv[2])' "$display" "$pictures/$1.png"; }
picture installed
xdotool type --delay 60 50000
xdotool key Return
sleep 1
picture amount-stands
xdotool key F8
n=0
until [ "$(paid_payments)" = $((before + 1)) ]; do
    n=$((n + 1))
    [ "$n" -lt 60 ] || { picture not-paid; die 'no payment was seen as paid'; }
    sleep 0.5
done
say "paid, by the window's keys: $(since "$began") after apt install began"
[ "$(printf '%.0f' "$(since "$began" | cut -d' ' -f1)")" -le 60 ] || die 'that was more than a minute'
sleep 1
picture paid
close_till
for _ in 1 2 3; do
    open_till
    reached window 60
    window=$(since "$started")
    reached till 60
    say "first window, started before: $window; ready to scan: $(since "$started")"
    close_till
done

began=$(now)
as_shop pos-app self-check || die 'the self-check'
say "self-check, as an ordinary user: $(since "$began")"

# --- how it lies there ------------------------------------------------------------------------------------------------
for file in /usr/bin/pos-app /usr/share/applications/pos-app.desktop /usr/share/icons/hicolor/scalable/apps/pos-app.svg \
    /usr/share/icons/hicolor/256x256/apps/pos-app.png /usr/share/doc/pos-app/copyright; do
    as_root test -r "$file" || die "$file is not there"
done
loose=$(find "$root/opt/pos-app" "$root/usr/share/applications/pos-app.desktop" \( ! -user 0 -o -perm /022 \) ! -type l)
[ -z "$loose" ] || die "others may write: $loose"
missing=$(as_root sh -c 'export LD_LIBRARY_PATH=/opt/pos-app/_internal
    find /opt/pos-app -name "*.so*" -type f -exec ldd {} + 2>/dev/null' | awk '/not found/ { print $1 }' |
    sort -u | grep -v '^libcups' || true)
[ -z "$missing" ] || die "libraries that nothing provides: $(echo $missing)"
say 'menu entry, icons, licence and permissions are as they should be'

# --- removed, and back ------------------------------------------------------------------------------------------------
as_root dpkg -L pos-app >"$build/files"
hash_of_data() { (cd "$data" && find . -type f -name 'journal*' ! -name '*-shm' -exec sha256sum {} + | sort); }
kept=$(hash_of_data)
as_root apt-get -y -qq purge pos-app >"$build/remove.log" 2>&1 || die "apt-get purge: see $build/remove.log"
left=$(while read -r file; do [ -d "$root$file" ] || [ ! -e "$root$file" ] || echo "$file"; done <"$build/files")
[ -z "$left" ] && [ ! -e "$root/opt/pos-app" ] || die "left behind: $left"
[ "$(hash_of_data)" = "$kept" ] || die 'the data changed'
say "removed: no file left, $(printf '%s\n' "$kept" | wc -l) files of the journal as they were"
install "$new"
[ "$(paid_payments)" = $((before + 1)) ] || die 'the journal is not what it was'
as_shop pos-app pay --demo --amount 30000 --json >/dev/null 2>&1 || die 'no payment after it was installed again'
as_shop pos-app verify || die 'verify'
say "installed again: $(paid_payments) paid payments, the journal is whole"
say "pictures: $pictures"
