#!/usr/bin/env bash
# serve_and_device_test.sh PROVLAB [ROUNDS]: `provlab serve` in one network namespace, `provlab device` in another, a cable
# between. The phone boots for each variant of the reference race; captures at its end show that the answers come in the order
# of the variant, and ties one right behind the other. ROUNDS is how often each of the six variants is played (default 2).
set -u
provlab=$1 rounds=${2:-2}
here=$(cd "$(dirname "$0")/../.." && pwd)
scenario=$here/scenarios/reference/redirect-beats-multicast.xml

if [ "${IN_NAMESPACE:-}" != yes ]; then
  for tool in unshare nsenter ip tshark mergecap; do
    command -v "$tool" >/dev/null || { echo "skipped: there is no $tool"; exit 77; }
  done
  unshare -Urn true 2>/dev/null || { echo "skipped: no user namespaces here"; exit 77; }
  IN_NAMESPACE=yes exec unshare -Urn "$0" "$provlab" "$rounds"
fi

folder=$(mktemp -d)
unshare -n sleep infinity & there=$!
trap 'kill $there 2>/dev/null; rm -rf "$folder"' EXIT
fail() { echo "FAILED: $*"; exit 1; }
# The second namespace is there when it is another one than ours.
until [ "$(readlink /proc/$there/ns/net 2>/dev/null)" != "$(readlink /proc/self/ns/net)" ]; do :; done
ip link add theirs type veth peer name ours netns /proc/$there/ns/net || fail "no cable"
ip link set theirs up
nsenter -t $there -n ip link set ours up

mkdir "$folder/pcap"
boot="exec nsenter -t $there -n $provlab device --interface ours --once --no-store \
--pcap $folder/pcap/\$(printf %05d \$PROVLAB_ROUND)-\$PROVLAB_VARIANT.pcapng >/dev/null"
"$provlab" serve "$scenario" --interface theirs --power-cycle "$boot" --repeat "$rounds" --quiet 300ms --slack 500ms \
  --junit "$folder/serve.xml" --json "$folder/serve.json" --html "$folder/pages" --pages all --pcap "$folder/served" >"$folder/said" 2>&1
code=$?
[ $code = 0 ] || { tail -60 "$folder/said"; fail "serve ended with $code"; }
played=$(grep -c '<testcase' "$folder/serve.xml")
boots=$(ls "$folder/pcap" | wc -l)
[ "$played" = $((6 * rounds)) ] && [ "$boots" = "$played" ] || fail "$played plays, $boots boots"
[ -s "$folder/pages/index.html" ] && [ "$(ls "$folder/pages/runs" | wc -l)" = "$played" ] || fail "pages"
[ "$(find "$folder/served" -name '*.pcapng' | wc -l)" = "$played" ] || fail "captures at the servers' end"

# What came to the phone, boot after boot: `N` for the NOTIFY, `R` for the redirect, `.` for anything else.
wrong=0 raced=0
for capture in "$folder"/pcap/*; do echo "$capture"; done >"$folder/list"
split -l 200 "$folder/list" "$folder/part."
for part in "$folder"/part.*; do
  mergecap -a -w "$folder/all.pcapng" $(cat "$part") || fail mergecap
  tshark -r "$folder/all.pcapng" -T fields -E separator=, -e ip.src -e dhcp.option.dhcp -e sip.Method -e http.response.code \
    2>/dev/null | awk -F, '
      $2 == 1 { if (boots++) print came; came = ""; phone = ""; next }
      $1 == "0.0.0.0" || $1 == "192.0.2.100" { next }
      $3 == "NOTIFY" { came = came "N"; next }
      $1 == "198.51.100.7" && $4 == 302 { came = came "R"; next }
      { came = came "." }
      END { print came }' >"$folder/came"
  paste -d' ' "$part" "$folder/came" >"$folder/both"
  [ "$(wc -l <"$folder/came")" = "$(wc -l <"$part")" ] || fail "a boot is missing in the captures"
  while read -r capture came; do
    case $capture in
      *-redirect-answer-then-multicast-answer.pcapng) want='^[^N]*R.*N' ;;
      *-multicast-answer-then-redirect-answer.pcapng) want='^[^R]*N.*R' ;;
      *-redirect-answer-ties-multicast-answer.pcapng) want='^[^N]*RN' ;;
      *-multicast-answer-ties-redirect-answer.pcapng) want='^[^R]*NR' ;;
      *-without-redirect-answer.pcapng) want='^[^R]*N[^R]*$' ;;
      *-without-multicast-answer.pcapng) want='^[^N]*R[^N]*$' ;;
      *) fail "an unknown capture: $capture" ;;
    esac
    raced=$((raced + 1))
    [[ $came =~ $want ]] || { wrong=$((wrong + 1)); echo "wrong order in $(basename "$capture"): $came"; }
  done <"$folder/both"
done
echo "$((raced - wrong)) of $raced boots had the answers in the order of their variant"
[ $wrong = 0 ]
