#!/usr/bin/env bash
# Runs a suite whole and in shards, through the program and the variables of CI systems, and compares
# what `report` makes of the shards. Called with the program's path.
set -u
program=$1
source_dir=$(cd -- "$(dirname -- "${BASH_SOURCE[0]}")/../.." && pwd)
scratch=$(mktemp -d) || exit 1
trap 'rm -rf -- "$scratch"' EXIT
unset GTEST_TOTAL_SHARDS GTEST_SHARD_INDEX TEST_TOTAL_SHARDS TEST_SHARD_INDEX CI_NODE_INDEX CI_NODE_TOTAL JOB_COMPLETION_INDEX JOB_COMPLETIONS
unset SLURM_ARRAY_TASK_ID SLURM_ARRAY_TASK_MIN SLURM_ARRAY_TASK_STEP SLURM_ARRAY_TASK_COUNT
failures=0

fail() {
  printf 'FAILED: %s\n' "$1" >&2
  sed 's/^/  | /' "$scratch/said" >&2
  failures=$((failures + 1))
}
# ends STATUS WORDS [NAME=VALUE...] ARGUMENT...   runs the program; what it says must hold WORDS.
ends() {
  local status=$1 words=$2
  shift 2
  env "${@:1:$variables}" "$program" "${@:variables+1}" >"$scratch/said" 2>&1
  local got=$?
  ((got == status)) || fail "ends with $got, not $status: $*"
  grep -qF -- "$words" "$scratch/said" || fail "does not say '$words': $*"
}
without_times() { sed -E 's/"(wall_seconds|threads)":[0-9.]+/"\1":0/g' "$1"; }

cp -r "$source_dir/scenarios/reference" "$scratch/suite"
sed -i 's|<winner is="first-answer"/>|<winner is="redirect"/>|' "$scratch/suite/redirect-beats-multicast.xml"
cd -- "$scratch" || exit 1

variables=0
ends 1 '4 passed, 3 failed' run suite --json whole.json --details all
ends 1 'passed' run suite --shard 1/3 --json 1.json --details all
variables=2
ends 1 'runs shard 2/3 only, because of GTEST_SHARD_INDEX=1' \
  GTEST_TOTAL_SHARDS=3 GTEST_SHARD_INDEX=1 run suite --json 2.json --details all
ends 0 'runs shard 3/3 only, because of JOB_COMPLETION_INDEX=2' \
  JOB_COMPLETIONS=3 JOB_COMPLETION_INDEX=2 run suite --json 3.json --details all
ends 1 '4 passed, 3 failed' GTEST_TOTAL_SHARDS=3 GTEST_SHARD_INDEX=1 run suite --shard 1/1
grep -q 'because of' said && fail 'an explicit --shard is to leave the variables alone'
ends 0 'runs shard 2/3 only, because of GTEST_SHARD_INDEX=1' \
  GTEST_TOTAL_SHARDS=3 GTEST_SHARD_INDEX=1 cuts suite --sample 7
grep -q '^cuts: 2 of ' said || fail 'the cuts of a shard are not a third of the sample'
ends 2 'must be below the total' GTEST_TOTAL_SHARDS=3 GTEST_SHARD_INDEX=3 run suite
variables=1
ends 2 'JOB_COMPLETIONS: is not set' JOB_COMPLETION_INDEX=2 run suite
variables=0
ends 2 'is no shard' run suite --shard 3
ends 2 'is no shard' run suite --shard ''
ends 0 'shard 9/9 has no run' run suite --shard 9/9

ends 1 '4 passed, 3 failed' report 3.json 1.json 2.json --json merged.json --junit merged.xml --html pages --pages all
cmp <(without_times merged.json) <(without_times whole.json) >said 2>&1 || fail 'the merged report differs'
[[ -s merged.xml && -s pages/index.html && $(ls pages/runs | grep -vc -- -beside.html) == 7 ]] || fail 'reports are missing'
ends 2 'missing: shard 2/3' report 1.json 3.json
ends 2 'give each shard once' report 1.json 2.json 2.json 3.json
ends 2 'give the shards of one division' report 1.json whole.json
ends 2 'the file cannot be read' report none.json
ends 2 'this is a folder' report pages
head -c 900 1.json >cut.json
ends 2 'cut short?' report cut.json
"$program" report 1.json 2.json 3.json --json - 2>/dev/null | head -c 12 >said
[[ $(<said) == '{"version":3' ]] || fail 'JSON to the terminal is not alone'
((failures == 0))
