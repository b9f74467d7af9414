#!/usr/bin/env bash
# library_test.sh PROVLAB: every scenario of at most 30 s over real cables, as an ordinary user where that can be.
set -u
provlab=$1 command=("$1")
if (($(id -u) == 0)) && setpriv --reuid=65534 --regid=65534 --clear-groups "$provlab" list --events >/dev/null 2>&1; then
  command=(setpriv --reuid=65534 --regid=65534 --clear-groups --no-new-privs "$provlab")
fi
folder=$(mktemp -d) || exit 1
trap 'rm -rf "$folder"' EXIT
chmod 777 "$folder" # for the ordinary user
said=$("${command[@]}" run --wire scenarios --shard 1/1 --json "$folder/report.json" 2>&1)
code=$?
printf '%s\n' "$said"
if ((code == 2)) && [[ $said == *'no network of its own'* ]]; then exit 77; fi
((code == 0)) || exit "$code"
# No more than 2 % are left out for being of a wire, or have their order free.
runs=$(grep -o '"outcome":"passed"' "$folder/report.json" | wc -l)
exceptions=$(($(grep -o '"reason":"not on a wire: ' "$folder/report.json" | wc -l) + $(grep -lr 'wire-order=' scenarios --include='*.xml' | wc -l)))
printf '%d runs, %d exceptions\n' "$runs" "$exceptions"
((runs > 500 && exceptions * 50 < runs))
