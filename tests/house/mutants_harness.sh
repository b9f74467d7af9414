# shellcheck shell=bash disable=SC2154
# What tests of tools/mutants share: patches, a history, and a compiler of stand-ins. Sourced by them,
# after shell_harness.sh.

# add_mutant NAME REPLACEMENT   a patch that makes `int x;` of core/x.cpp something else.
add_mutant() {
  mkdir -p "$tree/tests/mutants/${1%%/*}" "$tree/scenarios"
  {
    printf 'What is wrong with it (rule %s)\n' "${1%%/*}"
    printf -- '--- a/core/x.cpp\n+++ b/core/x.cpp\n@@ -1 +1 @@\n-int x;\n+%s\n' "$2"
  } >"$tree/tests/mutants/$1.patch"
}

# A compiler that does not take the word `nonsense`, and programs in which `int y;` fails a scenario.
make_compiler() {
  stand_in cmake <<'END'
[[ $1 == --build ]] || { mkdir -p "$4" && touch "$4/build.ninja"; exit 0; }
source=$2/../tree/core/x.cpp
grep -q nonsense "$source" && { echo "core/x.cpp:1: error: nonsense"; exit 1; }
mkdir -p "$2/bin"
if grep -q 'int y' "$source"; then
  printf '#!/bin/bash\nprintf "FAILED  first 1 s\\nFAILED  second 1 s\\n"\nexit 1\n'
else
  printf '#!/bin/bash\n[[ $1 == soak ]] || exit 0\necho "$*" >"${@: -1}/differs-3.xml"\nexit 1\n'
fi >"$2/bin/provlab"
chmod +x "$2/bin/provlab"
END
}

last_line() { tail -n 1 "$scratch/out"; }
expect_out_has() { [[ $out == *"$1"* ]] || fail_test "stdout should say: $1"; }

# A tree with a history: core/x.cpp has thirty lines, and mutant 1.1/y has a fault in the fifteenth.
make_history() {
  seq 30 | sed 's/.*/int line_& = first(&);/' >"$tree/core/x.cpp"
  commit
  mkdir -p "$tree/tests/mutants/1.1"
  sed -i 's/first(15)/fault(15)/' "$tree/core/x.cpp"
  { echo 'What is wrong with it (rule 1.1)'; git -C "$tree" diff core; } >"$tree/tests/mutants/1.1/y.patch"
  sed -i '/^diff/d;/^index/d' "$tree/tests/mutants/1.1/y.patch"
  git -C "$tree" checkout --quiet core
  commit
}

commit() {
  [[ -d $tree/.git ]] || git -C "$tree" init --quiet
  git -C "$tree" add --all
  git -C "$tree" -c user.name=x -c user.email=x@x commit --quiet --message x
}
