#!/bin/sh
# The till in one file, for any Linux with glibc @GLIBC@ or newer. Run it: it checks itself, lays the folder "pos-app" beside
# itself (or where --to says) and opens the till. Run again, it opens at once. The folder may be moved, on a stick too.
#   pos-app/pos-app   starts the till        pos-app/data   the till's data, kept when a newer file is run
#   sh @NAME@ [--to FOLDER] [--check | --unpack | -- what pos-app is told]
set -eu
skip=@SKIP@
sum=@SUM@
version=@VERSION@
me=$(readlink -f "$0")
to=$(dirname "$me")
only=''
die() { printf 'pos-app: %s\n' "$*" >&2; exit 1; }
while [ $# -gt 0 ]; do
    case $1 in
    --to) to=${2:?--to FOLDER}; shift 2 ;;
    --check | --unpack) only=$1; shift ;;
    --) shift; break ;;
    *) break ;;
    esac
done
whole() { [ "$(tail -n +"$skip" "$me" | sha256sum | cut -d' ' -f1)" = "$sum" ]; }
if [ "$only" = --check ]; then
    whole || die 'tệp bị hỏng, hãy tải lại / this file is damaged: fetch it again'
    echo "pos-app $version: OK"
    exit
fi
home=$to/pos-app
program=program-$(printf %.12s "$sum")
if [ ! -x "$home/$program/pos-app" ]; then
    command -v xz >/dev/null || die 'cần có xz / xz is needed: sudo apt-get install xz-utils'
    whole || die 'tệp bị hỏng, hãy tải lại / this file is damaged: fetch it again'
    mkdir -p "$home/data" && printf '#!/bin/sh\n' >"$home/probe" || die "không ghi được / cannot write: $to"
    # Tried by running something: not every shell knows of a disk that is mounted noexec.
    chmod 755 "$home/probe"
    "$home/probe" 2>/dev/null ||
        { rm -f "$home/probe"; die "nơi này không cho chạy chương trình, chọn thư mục khác: --to THƯ_MỤC / no program may run in $to (noexec): choose another with --to FOLDER"; }
    rm -f "$home/probe"
    echo 'Lần đầu: đang giải nén, chừng nửa phút… / The first time: unpacking, half a minute or so…' >&2
    rm -rf "$home/unpacking"
    mkdir "$home/unpacking"
    tail -n +"$skip" "$me" | tar -xJ --no-same-owner -C "$home/unpacking" && [ -x "$home/unpacking/pos-app" ] ||
        { rm -rf "$home/unpacking"; die 'không giải nén được / it could not be unpacked: is the disk full?'; }
    # The one before stays: a till that is open goes on with it. What is older goes.
    before=$(sed -n 's|^exec "$home/\(program-[0-9a-f]*\)/.*|\1|p' "$home/pos-app" 2>/dev/null || true)
    for older in "$home"/program-*; do
        [ "$older" = "$home/$before" ] || rm -rf "$older"
    done
    mv "$home/unpacking" "$home/$program"
fi
if ! grep -qs "/$program/" "$home/pos-app"; then
    cat >"$home/pos-app.new" <<START
#!/bin/sh
home=\$(dirname "\$(readlink -f "\$0")")
POS_APP_HOME=\${POS_APP_HOME:-\$home/data}
export POS_APP_HOME
exec "\$home/$program/pos-app" "\$@"
START
    chmod 755 "$home/pos-app.new"
    mv "$home/pos-app.new" "$home/pos-app"
fi
[ "$only" != --unpack ] || { echo "$home/pos-app"; exit; }
exec "$home/pos-app" "$@"
