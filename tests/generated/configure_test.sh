#!/usr/bin/env bash
# configure_test.sh SOURCES CXX   that a build of the core with generated mutants is configured, and
# that its maker gets each flag as a word: no expression of CMake is left in its command.
set -u
sources=$(readlink -e -- "$1") || exit 2
scratch=$(mktemp -d) || exit 1
trap 'rm -rf -- "$scratch"' EXIT

if ! cmake --preset generated -S "$sources" -B "$scratch" -DCMAKE_CXX_COMPILER="$2" >"$scratch/log" 2>&1; then
  printf 'FAILED: it cannot be configured\n'
  tail -n 12 -- "$scratch/log" | sed 's/^/  | /'
  exit 1
fi
command=$(grep -m 1 'COMMAND = .*bin/mutant_maker ' -- "$scratch/build.ninja")
flags=${command##* -- }
fail() {
  printf 'FAILED: %s in: %s\n' "$1" "${flags:0:500}"
  exit 1
}
[[ $flags == -std=* && $flags == *' -DFMT_SHARED '* && " $flags " == *" -I$sources "* ]] || fail 'a flag is missing'
[[ $flags != *'$<'* ]] || fail 'an expression is left'
