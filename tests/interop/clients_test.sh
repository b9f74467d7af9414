#!/usr/bin/env bash
# clients_test.sh PROVLAB: other people's clients (dhclient, udhcpc, ping, dig, chronyd, curl, sipp) ask what `provlab serve`
# plays, in network namespaces: the servers' half answers what the machine's own stack and these programs take for real.
set -u
provlab=$1
here=$(cd "$(dirname "$0")/../.." && pwd)

if [ "${IN_NAMESPACE:-}" != yes ]; then
  for tool in unshare ip dhclient udhcpc ping dig chronyd curl sipp; do
    PATH=$PATH:/usr/sbin:/sbin command -v "$tool" >/dev/null || { echo "skipped: there is no $tool"; exit 77; }
  done
  unshare -Urn true 2>/dev/null || { echo "skipped: no user namespaces here"; exit 77; }
  IN_NAMESPACE=yes exec unshare -Urn "$0" "$provlab"
fi
PATH=$PATH:/usr/sbin:/sbin
folder=$(mktemp -d)
serve=
trap '[ -z "$serve" ] || kill "$serve" 2>/dev/null; rm -rf "$folder"' EXIT
failures=0
passed() { echo "  ok    $1"; }
failed() { echo "  FAILED $1"; sed 's/^/      /' "$folder/out"; failures=$((failures + 1)); }
# check NAME PATTERN COMMAND...: the command ends with 0, and what it says has the pattern.
check() {
  local name=$1 pattern=$2
  shift 2
  if timeout 30 "$@" >"$folder/out" 2>&1 && grep -Eq "$pattern" "$folder/out"; then passed "$name"; else failed "$name"; fi
}
# said PATTERN: waits until the server has said it.
said() {
  local i
  for ((i = 0; i < 200; i++)); do
    grep -Eqs "$1" "$folder/said" && return 0
    sleep 0.05
  done
  return 1
}
new_mac() { ip link set ours down && ip link set ours address "$1" && ip link set ours up; }

cp "$here"/tests/data/serve/{clients.xml,devices.csv,subscriber.xml} "$folder"
seq 1 400000 >"$folder/large.txt" # 2.7 MB
ip link set lo up
ip link add theirs type veth peer name ours
ip link set theirs up
new_mac 00:09:52:00:00:0e
# Checksums are left to the interface otherwise, which nobody does on a cable that is none.
ethtool -K ours tx off >/dev/null 2>&1 || :

"$provlab" serve "$folder/clients.xml" --interface theirs --junit "$folder/junit.xml" >"$folder/said" 2>&1 &
serve=$!
said '>>> now switch the phone on' || { cat "$folder/said"; echo "FAILED: it does not serve"; exit 1; }

cat >"$folder/lease.sh" <<'END'
#!/bin/sh
[ "$1" = bound ] && echo "lease $ip router $router dns $dns ntp $ntpsrv"
exit 0
END
chmod +x "$folder/lease.sh"
check udhcpc 'lease 192\.0\.2\.1[0-9]+ router 192\.0\.2\.1 dns 192\.0\.2\.1' \
  udhcpc -i ours -n -q -f -t 3 -T 2 -s "$folder/lease.sh" -O ntpsrv
new_mac 00:09:52:00:00:1e
: >"$folder/leases"
# It stays and renews, so it is ended once it has what it wants.
dhclient -4 -1 -d -v -sf /bin/true -lf "$folder/leases" --no-pid -cf /dev/null ours >"$folder/out" 2>&1 &
client=$!
for ((i = 0; i < 200; i++)); do
  grep -q 'bound to' "$folder/out" && break
  sleep 0.05
done
kill "$client"
wait "$client"
grep -Eq 'bound to 192\.0\.2\.1[0-9]+' "$folder/out" && passed dhclient || failed dhclient
new_mac 00:09:52:00:00:0e
ip addr add 192.0.2.100/24 dev ours
ip route add default via 192.0.2.1
check 'ping on the LAN' '1 received' ping -n -c 1 -W 2 192.0.2.1
check 'ping beyond the router' '1 received' ping -n -c 1 -W 2 198.51.100.10
check 'ping of 4,000 octets, in fragments' '1 received' ping -n -c 1 -W 2 -s 4000 192.0.2.10
check dig '^198\.51\.100\.10$' dig +short +tries=2 @192.0.2.1 prov.server.com A
check 'dig over TCP' '^198\.51\.100\.10$' dig +tcp +short @192.0.2.1 prov.server.com A
check 'dig of a name that there is not' 'status: NXDOMAIN' dig @192.0.2.1 nowhere.example A
check 'chronyd -Q' 'System clock wrong by' \
  chronyd -Q -x -t 20 -u root 'server 192.0.2.1 iburst maxsamples 1' 'cmdport 0'
# As a phone does it: the sources first, then the document.
redirect() { curl -sS --max-time 10 -o /dev/null -w '%{http_code} %{redirect_url}\n' "http://198.51.100.7/?mac=$1&type=D200&serial=1"; }
export -f redirect
check 'redirect by the list' '^302 http://prov.server.com/a.xml$' bash -c 'redirect 00095200000E'
check 'redirect of others' '^302 http://prov.server.com/other.xml$' bash -c 'redirect 00095200002A'
printf 'mac,url\n00:09:52:00:00:2A,http://prov.server.com/new.xml\n' >"$folder/devices.csv"
said 'devices.csv was read again: 1 devices' && passed 'list that changed' || { : >"$folder/out"; failed 'list that changed'; }
check 'redirect by the new list' '^302 http://prov.server.com/new.xml$' bash -c 'redirect 00095200002A'
printf 'nobody,http://prov.server.com/new.xml\n' >"$folder/devices.csv"
said 'devices.csv:1:1: .nobody. is not a MAC address' && passed 'list with a slip' || { : >"$folder/out"; failed 'list with a slip'; }
check 'redirect by the list before' '^302 http://prov.server.com/new.xml$' bash -c 'redirect 00095200002A'
check sipp 'Successful call *\| *[01] *\| *1' \
  sipp -sf "$folder/subscriber.xml" 224.0.1.75:5060 -i 192.0.2.100 -p 5070 -m 1 -nostdin -timeout 10 -timeout_error
check curl '<timezone>UTC0</timezone>' curl -sS --max-time 10 --resolve prov.server.com:80:198.51.100.10 http://prov.server.com/a.xml
check 'curl of 2.7 MB' "$(md5sum <"$folder/large.txt" | cut -d' ' -f1)" \
  bash -c 'curl -sS --max-time 20 http://198.51.100.10/large | md5sum'
check 'curl of what is not there' '^404$' curl -sS --max-time 10 -o /dev/null -w '%{http_code}\n' http://198.51.100.10/nothing

kill -INT "$serve"
wait "$serve"
code=$?
serve=
cp "$folder/said" "$folder/out"
[ "$code" = 0 ] && passed 'all that was expected had come at Ctrl-C' || failed "serve ended with $code"
grep -q 'not judged here: line [0-9]*: <result' "$folder/said" && passed 'what is inside a phone is not judged' || failed 'not judged'
grep -q 'failures="0"' "$folder/junit.xml" && passed 'JUnit report' || failed 'JUnit report'

# ends NAME CODE PATTERN ARGUMENT...: serve ends with the code, and says that.
ends() {
  local name=$1 want=$2 pattern=$3
  shift 3
  timeout 20 "$provlab" serve "$@" >"$folder/out" 2>&1
  code=$?
  if [ "$code" = "$want" ] && grep -Eq -- "$pattern" "$folder/out"; then passed "$name"; else failed "$name ($code)"; fi
}
race=$here/scenarios/reference/redirect-beats-multicast.xml
ends 'no such interface' 2 "there is no interface 'nowhere'" "$race" --interface nowhere
ends 'no such variant' 2 "there is no variant 'never'" "$race" --interface theirs --variant never
ends 'no such scenario' 2 'cannot be read' "$folder/nowhere.xml" --interface theirs
ends 'command that fails' 2 '--power-cycle: the command ended with 3|the command ended with 3' \
  "$race" --interface theirs --beside-dhcp --power-cycle 'exit 3'
ip addr add 192.0.2.1/24 dev ours
ends 'address that is in use' 2 "192.0.2.1, the address of 'router', is in use on this wire by 00:09:52:00:00:0E" \
  "$race" --interface theirs --beside-dhcp
ip addr del 192.0.2.1/24 dev ours
rm "$folder/said"
"$provlab" serve "$race" --interface theirs --beside-dhcp >"$folder/said" 2>&1 &
serve=$!
said '>>> now switch the phone on'
kill -INT "$serve"
wait "$serve"
code=$?
serve=
cp "$folder/said" "$folder/out"
[ "$code" = 130 ] && passed 'Ctrl-C before anything was decided' || failed "Ctrl-C ended it with $code"
echo "$failures failed"
[ "$failures" = 0 ]
