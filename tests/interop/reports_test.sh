#!/usr/bin/env bash
# reports_test.sh PROVLAB: how much `run` says and where, its colours, reports for machines on standard output, marks for
# GitHub and GitLab, and what it leaves behind when it is interrupted. What it says at a terminal is left out, with a
# sentence and exit code 77, where the machine gives none.
set -u
program=$1
source_dir=$(cd -- "$(dirname -- "${BASH_SOURCE[0]}")/../.." && pwd)
scratch=$(mktemp -d) || exit 1
trap 'rm -rf -- "$scratch"' EXIT
unset GTEST_TOTAL_SHARDS GTEST_SHARD_INDEX GTEST_SHARD_STATUS_FILE TEST_TOTAL_SHARDS TEST_SHARD_INDEX \
  TEST_SHARD_STATUS_FILE JOB_COMPLETION_INDEX JOB_COMPLETIONS SLURM_ARRAY_TASK_ID CI_NODE_INDEX CI_NODE_TOTAL \
  NO_COLOR FORCE_COLOR GITHUB_WORKSPACE CI_PROJECT_DIR
failures=0

fail() {
  printf 'FAILED: %s\n' "$1" >&2
  head -n 40 "$scratch/said" | cat -v | sed 's/^/  | /' >&2
  failures=$((failures + 1))
}
# says STATUS ARGUMENT...   standard output goes to `said`.
says() {
  local status=$1 got
  shift
  "$program" "$@" >"$scratch/said" 2>"$scratch/err"
  got=$?
  ((got == status)) || fail "ends with $got, not $status: $*"
}
has() { grep -qF -- "$1" "$scratch/said" || fail "does not say '$1'"; }
lacks() { grep -qF -- "$1" "$scratch/said" && fail "says '$1'"; }
lines() { wc -l <"$scratch/said"; }
terminals=''
script -qec true /dev/null </dev/null >/dev/null 2>&1 && terminals=yes
# at_terminal COMMAND CHECK WORDS   runs it with a terminal as its standard output, and checks what it says there.
at_terminal() {
  [[ $terminals ]] || return
  script -qec "$1" /dev/null </dev/null >"$scratch/said" 2>&1
  "$2" "$3"
}

cp -r "$source_dir/scenarios/reference" "$scratch/suite"
cd -- "$scratch" || exit 1

# Off a terminal a green suite is a few lines, and the last one has the counts.
says 0 run "$source_dir/scenarios"
(($(lines) < 20)) || fail "a green suite takes $(lines) lines"
tail -n 1 said | grep -q ' passed, .* left out (' || fail 'the last line has no counts'
says 0 run suite
(($(lines) == 1)) || fail 'a green folder takes more than a line'
says 0 run suite --no-quiet
has '  ok    redirect-beats-multicast'
says 0 run suite --verbose
has '== run 1 ends provisioned'
at_terminal "'$program' run suite" has '  ok  '
at_terminal "'$program' run suite -q" lacks '  ok  '
says 2 run suite --quiet --no-quiet

# Colours.
sed -i 's|<winner is="first-answer"/>|<winner is="redirect"/>|' suite/redirect-beats-multicast.xml
esc=$'\033['
says 1 run suite
lacks "$esc"
has 'suite/redirect-beats-multicast.xml:'
tail -n 4 said | grep -q '^suite/redirect-beats-multicast.xml:[0-9]*: failed: redirect-beats-multicast \[' ||
  fail 'what failed is not named at the end'
says 1 run suite --color=always
has "$esc"
FORCE_COLOR=1 says 1 run suite
has "$esc"
FORCE_COLOR=0 says 1 run suite
lacks "$esc"
FORCE_COLOR=1 NO_COLOR=1 says 1 run suite
lacks "$esc"
NO_COLOR=1 says 1 run suite --color=always
has "$esc"
TERM=xterm at_terminal "'$program' run suite 2>/dev/null" has "$esc"
TERM=dumb at_terminal "'$program' run suite" lacks "$esc"
NO_COLOR=1 at_terminal "TERM=xterm '$program' run suite 2>/dev/null" lacks "$esc"
TERM=xterm at_terminal "'$program' run suite --color=never 2>/dev/null" lacks "$esc"

# Reports for machines on standard output stand there alone.
says 1 run suite --junit -
[[ $(head -c 5 said) == '<?xml' && $(tail -n 1 said) == '</testsuite>' ]] || fail 'JUnit is not alone'
says 1 run suite --sarif -
[[ $(head -c 10 said) == '{"$schema"' ]] || fail 'SARIF is not alone'
says 2 run suite --junit - --json -

# Filters and variants.
says 0 run suite --filter reference-chain --filter 'dhcp*' --no-quiet
has 'reference-chain'
lacks 'redirect-beats'
says 1 run suite --variant 'without-*' --no-quiet
has '[without-'
lacks '-then-'
says 2 run suite --variant nothing-like-it

# Marks beside the sources, by their place in the repository.
mkdir -p repository/sub && cp -r suite repository/sub/ && : >repository/.git
(cd repository/sub && "$program" run suite --annotate github) >said
grep -q '^::error file=sub/suite/redirect-beats-multicast.xml,line=[0-9]*,title=' said || fail 'GitHub gets no mark'
(($(grep -c '^::' said) <= 10)) || fail 'GitHub gets more than ten marks'
(cd repository/sub && "$program" run suite --annotate gitlab >/dev/null)
grep -q '"path":"sub/suite/redirect-beats-multicast.xml"' repository/sub/gl-code-quality-report.json ||
  fail 'GitLab gets no Code Quality'
CI_PROJECT_DIR=$scratch/repository/sub "$program" run repository/sub/suite --annotate gitlab --quality q.json >/dev/null
grep -q '"path":"suite/redirect' q.json || fail 'CI_PROJECT_DIR is not the root'
sed 's/<expect>/<expekt>/' suite/reference-chain.xml >bad.xml
says 3 validate bad.xml --annotate github --sarif bad.sarif
has '::error file=bad.xml,line='
grep -q '"ruleId":"invalid-scenario"' bad.sarif || fail 'SARIF has no complaint'

# Interrupted, it writes what there is.
cp -r "$source_dir/scenarios" many
for signal in INT TERM; do
  rm -rf traces
  "$program" run many --twice -j1 --junit i.xml --json i.json --html pages --trace traces >said 2>err &
  job=$!
  for ((i = 0; i < 600; i++)); do
    find traces -name '*.jsonl' 2>/dev/null | grep -q . && break
    sleep 0.05
  done
  kill -"$signal" "$job"
  wait "$job"
  code=$?
  ((code == 130)) || fail "$signal ends it with $code"
  has 'the others not played: it was ended early'
  grep -q '</testsuite>' i.xml || fail "there is no JUnit report after $signal"
  grep -q '"ended_early":true' i.json || fail "there is no JSON report after $signal"
  [[ -s pages/index.html ]] || fail "there are no pages after $signal"
  says 2 report i.json
  grep -q 'ended early' err || fail 'a report that is not whole is taken for one'
done

# Shards by variables, and the files by which a test runner sees that they are known.
CI_NODE_INDEX=2 CI_NODE_TOTAL=2 GTEST_SHARD_STATUS_FILE=$scratch/status says 0 soak --runs 10 --json s2.json
has '5 scenarios from seed 1 on (shard 2/2)'
[[ -e status ]] || fail 'the status file is not touched'
TEST_SHARD_INDEX=0 TEST_TOTAL_SHARDS=2 says 0 soak --runs 10 --json s1.json
says 0 soak --runs 10 --shard 1/1 --json whole.json
says 0 report s1.json s2.json --json both.json --junit soak.xml
has '10 scenarios from seed 1 on,'
cmp <(sed 's/"wall_seconds":[0-9.]*//' both.json) <(sed 's/"wall_seconds":[0-9.]*//' whole.json) >said ||
  fail 'two shards of a soak are not the whole'
says 2 report s1.json
grep -q 'missing: shard 2/2' err || fail 'a shard that is missing is not missed'
CI_NODE_TOTAL=1 says 1 run suite
CI_NODE_INDEX=0 CI_NODE_TOTAL=2 says 2 run suite

# Explorations tell in which settings outcomes part.
says 0 explore "$source_dir/scenarios/reference/redirect-beats-multicast.xml" --json e.json --junit e.xml
has "settings unlike the natural run's: "
grep -q '"unlike_natural":\[{"path":' e.json || fail 'JSON of an exploration names no setting'
grep -q 'name="redirect-beats-multicast: no invariant breaks in any order"' e.xml || fail 'no JUnit of an exploration'
((failures)) && exit 1
[[ $terminals ]] || {
  echo 'skipped: no pseudo terminals (devpts) on this machine, so what is said at one was not checked (the rest is well)'
  exit 77
}
exit 0
