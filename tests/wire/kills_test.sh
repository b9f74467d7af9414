#!/usr/bin/env bash
# kills_test.sh PROVLAB [KILLS]: ends `run --wire` by SIGKILL at random moments, and looks for what it leaves behind:
# a process, a network namespace, an interface, a file that nobody asked for.
set -u
provlab=$1 kills=${2:-200} workers=8
scenarios=(scenarios/reference scenarios/tutorial/1-shortest.xml)
shopt -s nullglob globstar

folder=$(mktemp -d) || exit 1
trap 'rm -rf "$folder"' EXIT
mkdir "$folder/tmp"
if ! said=$("$provlab" run --wire scenarios/reference/reference-chain.xml 2>&1); then
  printf '%s\n' "$said"
  [[ $said == *'no network of its own'* ]] && exit 77
  exit 1
fi
before=$(ls /sys/class/net)
mounts=$(grep -c ' nsfs ' /proc/self/mountinfo)
ours=$(readlink /proc/self/ns/net)

# The processes that have come of one start: all of them have its mark in their environment.
marked() { grep -lsz "^PROVLAB_KILLED=$1\$" /proc/[0-9]*/environ; }

# One kill; says what is wrong.
kill_once() {
  local out=$1 delay=$2 mark process namespace file
  mark=$$-${out##*/}
  TMPDIR=$folder/tmp PROVLAB_KILLED=$mark "$provlab" run --wire "${scenarios[@]}" --shard 1/1 --keep "$out/keep" \
    --trace "$out/trace" --json "$out/report.json" >/dev/null 2>&1 &
  process=$!
  sleep "$delay"
  namespace=$(readlink "/proc/$process/ns/net")
  [[ $namespace && $namespace != "$ours" ]] && echo inside >>"$folder/inside"
  kill -KILL "$process" 2>/dev/null
  wait "$process" 2>/dev/null
  marked "$mark" && echo 'that process is left'
  for file in "$out"/**/*; do
    [[ -d $file || $file == */keep/*.pcapng || $file == */trace/*.jsonl || $file == */report.json ]] && continue
    echo "there is a file $file"
  done
  rm -rf "$out"
}

worker() {
  local i
  for ((i = $1; i < kills; i += workers)); do
    kill_once "$folder/out-$i" "$((RANDOM % 2)).$((RANDOM % 10))$((RANDOM % 10))"
  done
}

for ((w = 0; w < workers; ++w)); do worker "$w" & done >"$folder/wrong" 2>&1
wait
[[ $(ls /sys/class/net) == "$before" ]] || echo "there are other interfaces: $(ls /sys/class/net)" >>"$folder/wrong"
# A namespace without a process lives on where it is mounted somewhere.
(($(grep -c ' nsfs ' /proc/self/mountinfo) == mounts)) || echo 'a namespace is mounted' >>"$folder/wrong"
for file in "$folder"/tmp/*; do echo "there is a file $file"; done >>"$folder/wrong"
# Most must have hit a run that was inside its namespace, else nothing is tested.
hits=$(wc -l <"$folder/inside")
((hits >= kills / 2)) || echo "only $hits of $kills kills hit a run" >>"$folder/wrong"
cat "$folder/wrong"
printf '%d kills, %d of them inside a namespace\n' "$kills" "$hits"
[[ ! -s $folder/wrong ]]
