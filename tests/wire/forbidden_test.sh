#!/usr/bin/env bash
# forbidden_test.sh PROVLAB TESTS: where nobody may make namespaces `run --wire` says so in a sentence and ends with 2,
# a plain run is not concerned, and the test program TESTS skips what needs a cable.
set -u
provlab=$1 tests=$2 failures=0

# Runs a command in a user namespace that allows no more of them, without capabilities.
forbidden() {
  unshare --user --map-root-user bash -c '
    echo 0 >/proc/sys/user/max_user_namespaces && exec setpriv --bounding-set=-all --inh-caps=-all "$@"' forbidden "$@"
}
complain() {
  printf 'FAILED: %s\n' "$1"
  failures=$((failures + 1))
}

if ! forbidden true 2>/dev/null; then
  echo 'no namespace to forbid namespaces in'
  exit 77
fi
said=$(forbidden "$provlab" run --wire scenarios/reference --shard 1/1 2>&1)
code=$?
((code == 2)) || complain "it ends with $code: $said"
[[ $said == 'provlab: this machine gives an ordinary user no network of its own'*'sysctl'* ]] || complain "it says: $said"
(($(wc -l <<<"$said") == 1)) || complain "it says more than a sentence: $said"
said=$(forbidden "$provlab" run scenarios/reference --shard 1/1) || complain "a plain run fails: $said"
said=$(forbidden "$tests" --gtest_filter='Wired.*' 2>&1) || complain "the tests fail: $said"
[[ $said == *'no network of its own'*SKIPPED* ]] || complain "the tests do not skip: $said"
exit $((failures > 0))
