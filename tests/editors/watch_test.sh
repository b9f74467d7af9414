#!/usr/bin/env bash
# watch_test.sh PROVLAB: that `provlab watch` sees each way in which editors save, the files that a
# scenario reads, new files, broken ones and those that go; how soon it says so; and how it ends.
set -u
provlab=$(readlink -e -- "$1") || exit 2
scratch=$(mktemp -d) || exit 1
watch_pid=''
cleanup() {
  [[ $watch_pid ]] && kill "$watch_pid" 2>/dev/null
  rm -rf -- "$scratch"
}
trap cleanup EXIT
cd -- "$scratch" || exit 1
failures=0

fail() {
  printf 'FAILED: %s\n' "$1"
  tail -n 12 -- log | sed 's/^/  | /'
  failures=$((failures + 1))
}

now_us() { printf '%s' "${EPOCHREALTIME/[.,]/}"; }

# begin ARGUMENT...   starts the watch and waits until it watches.
begin() {
  : >log
  "$provlab" watch "$@" >>log 2>&1 &
  watch_pid=$!
  seen=0
  expect '-- watching' 'the watch begins' || exit 1
}

end() {
  kill -INT "$watch_pid"
  wait "$watch_pid"
  local code=$?
  watch_pid=''
  ((code == 130)) || fail "Ctrl-C: it ended with $code"
}

# expect PATTERN WHAT   waits until the log has it behind what was seen; sets `took`, in microseconds
# since the last mark.
expect() {
  local text until=$(($(now_us) + 10000000))
  while :; do
    text=$(tail -c +$((seen + 1)) log)
    if [[ $text == *"$1"* ]]; then
      took=$(($(now_us) - began))
      [[ $text == *'after the save'* || $1 == '-- '* ]] && { seen=$(stat -c %s log); return 0; }
    fi
    (($(now_us) > until)) && { fail "$2: no '$1'"; return 1; }
    read -r -t 0.002 <>"$pause" || true
  done
}
pause=$scratch/pause
mkfifo -- "$pause"

scenario() {
  cat <<END
<scenario name="$1">
  <about>A sample.</about>
  <responders>
    <dhcp><option code="66" text="http://prov.server.com/a.xml"/></dhcp>
    <http><file path="/a.xml" src="documents/a.xml"/></http>
  </responders>
  <expect>
    <result is="$2"/>
  </expect>
</scenario>
END
}

mkdir documents
printf '<time><timezone>UTC0</timezone></time>\n' >documents/a.xml
scenario one provisioned >one.xml
began=$(now_us)
begin one.xml

mark() { began=$(now_us); }

# In place: emptied and written, as nano and most others do.
mark; scenario one no-url >one.xml
expect '1 failed' 'a save in place'
mark; scenario one provisioned >one.xml
expect '1 passed' 'and back'

# Another file in its place: vim with writebackup, emacs, gedit, VS Code's atomic saves.
scenario one no-url >.one.xml.tmp
mark; mv .one.xml.tmp one.xml
expect '1 failed' 'a rename over it'
mark; mv one.xml 'one.xml~'; scenario one provisioned >one.xml; rm 'one.xml~'
expect '1 passed' 'the old one moved to a backup'
mark; ln one.xml one.bak; rm one.xml; scenario one no-url >one.xml; rm one.bak
expect '1 failed' 'removed and written anew'

# In steps, by a writer that stays open.
mark
exec 7>one.xml
scenario one provisioned | head -n 3 >&7
scenario one provisioned | tail -n +4 >&7
exec 7>&-
expect '1 passed' 'a save in steps'

# Broken, gone and back.
mark; printf '<scenario name="one">\n  <about' >one.xml
expect 'one.xml:' 'a broken file'
mark; rm one.xml
expect 'one.xml' 'a file that is gone'
mark; scenario one provisioned >one.xml
expect '1 passed' 'a file that is back'

# What it reads.
mark; printf '<time><timezone>GMT0' >documents/a.xml
expect '1 failed' 'a document that broke'
mark; rm -r documents
expect 'there is no file' 'documents that are gone'
mkdir documents.new
printf '<time><timezone>UTC0</timezone></time>\n' >documents.new/a.xml
mark; mv documents.new documents
expect '1 passed' 'documents that are back'
mark; printf '<time><timezone>GMT0</timezone></time>\n' >documents/a.xml
expect '1 passed' 'in a folder that came later'
end

# Folders: new files, new folders, and those that go.
began=$(now_us)
begin . --html pages
mark; scenario two provisioned >two.xml
expect '1 passed' 'a new file'
mark; mkdir -p deep/er; scenario three no-url >deep/er/three.xml
expect 'three' 'a new file in new folders'
mark; rm two.xml
expect '-- gone: ./two.xml' 'a file of a folder that is gone'
[[ -e pages/index.html && -e pages/fresh.js ]] || fail 'there are no pages'
# The verdict is told before the pages are written.
pages_of_two() { compgen -G 'pages/runs/*two*' >/dev/null; }
for ((tries = 0; tries < 100; ++tries)); do pages_of_two || break; sleep 0.05; done
pages_of_two && fail 'the page of what is gone is still there'
end

# How soon: from before the rename to the end of its verdict, as it is read from a pipe. On a busy
# machine all else waits too, so the fastest of the saves decides.
mkfifo verdicts
"$provlab" watch one.xml >verdicts 2>&1 &
watch_pid=$!
exec 8<verdicts
until_line() {
  local line
  while IFS= read -r -t 20 line <&8; do [[ $line == *"$1"* ]] && return; done
  fail "no '$1'"
  exit 1
}
until_line '-- watching'
times=()
for i in {1..21}; do
  # In turn, so that each verdict is of this save.
  if ((i % 2)); then result=no-url wanted='1 failed'; else result=provisioned wanted='1 passed'; fi
  scenario one "$result" >next
  began=$(now_us); mv next one.xml
  until_line "$wanted"
  times+=("$(($(now_us) - began))")
  until_line 'after the save'
done
exec 8<&-
kill -INT "$watch_pid"
wait "$watch_pid"
watch_pid=''
mapfile -t times < <(printf '%s\n' "${times[@]}" | sort -n)
printf 'save to verdict, in us: fastest %d, median %d, slowest %d of %d saves\n' "${times[0]}" "${times[10]}" "${times[20]}" 21
((times[0] < 50000)) || fail "the verdict comes ${times[0]} us after the save"

# Words for what cannot be watched.
"$provlab" watch nowhere.xml >log 2>&1
(($? == 2)) || fail 'a path that is not there'
grep -q 'no such file' log || fail 'what it says of a path that is not there'
exit $((failures > 0))
