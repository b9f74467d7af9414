#!/usr/bin/env bash
# shellcheck disable=SC2154
# tools/mutants, on a machine of stand-ins. See shell_harness.sh.
source "$(dirname -- "${BASH_SOURCE[0]}")/shell_harness.sh"

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
  printf '#!/bin/bash\nexit 0\n'
fi >"$2/bin/provlab"
chmod +x "$2/bin/provlab"
END
}

last_line() { tail -n 1 "$scratch/out"; }
expect_out_has() { [[ $out == *"$1"* ]] || fail_test "stdout should say: $1"; }

test_a_mutant_that_a_scenario_notices_is_caught() {
  make_compiler
  add_mutant 1.1/y 'int y;'
  run "$tree/tools/mutants"
  expect_status 0
  expect_out_has 'caught    1.1/y by scenario first (and 1 more)'
  [[ $(last_line) == 'caught/total: 1/1' ]] || fail_test 'the last line should be: caught/total: 1/1'
}

test_a_mutant_that_nobody_notices_has_survived() {
  make_compiler
  add_mutant 1.1/y 'int y;'
  add_mutant 1.2/z 'int z;'
  run "$tree/tools/mutants" --jobs 1
  expect_status 1
  expect_out_has 'SURVIVED  1.2/z'
  [[ $(last_line) == 'caught/total: 1/2' ]] || fail_test 'the last line should be: caught/total: 1/2'
}

test_one_mutant_is_not_in_the_next() {
  make_compiler
  add_mutant 1.1/y 'int y;'
  run "$tree/tools/mutants"
  cmp -s "$tree/core/x.cpp" "$tree/build/mutants/tree/core/x.cpp" || fail_test 'the change should be taken back'
}

test_a_patch_that_does_not_build_is_named() {
  make_compiler
  add_mutant 1.1/n 'nonsense'
  run "$tree/tools/mutants"
  expect_status 1
  expect_out_has 'DOES NOT BUILD 1.1/n'
  expect_err_has 'error: nonsense'
}

test_a_patch_that_no_longer_applies_is_named() {
  add_mutant 1.1/y 'int y;'
  echo 'int other;' >"$tree/core/x.cpp"
  run "$tree/tools/mutants" --check
  expect_status 1
  expect_out_has 'DOES NOT APPLY 1.1/y'
}

test_patches_that_apply_are_counted() {
  add_mutant 1.1/y 'int y;'
  run "$tree/tools/mutants" --check
  expect_status 0
  expect_out '1 patches apply'
}

test_a_library_that_does_not_pass_judges_nothing() {
  make_compiler
  add_mutant 1.1/x 'int x;  '
  echo 'int y;' >"$tree/core/x.cpp"
  run "$tree/tools/mutants"
  expect_status 4
  expect_err_has 'the library does not pass without a mutant: by scenario first'
}

test_mutants_are_listed_and_chosen_by_name() {
  add_mutant 1.1/y 'int y;'
  add_mutant 2.1/z 'int z;'
  run "$tree/tools/mutants" --only '2.*' --list
  expect_status 0
  [[ $out == *'2.1/z'*'What is wrong with it (rule 2.1)'* && $out != *1.1/y* ]] || fail_test 'only 2.1/z should be listed'
}

test_a_name_that_fits_none_is_a_usage_error() {
  add_mutant 1.1/y 'int y;'
  run "$tree/tools/mutants" --only '9.*'
  expect_status 2
  expect_err_has 'no patch in tests/mutants/ is named 9.*'
}

test_bad_options_are_usage_errors() {
  add_mutant 1.1/y 'int y;'
  for words in --nonsense --only '--jobs 0' '--jobs x'; do
    # shellcheck disable=SC2086
    run "$tree/tools/mutants" $words
    expect_status 2
  done
}

run_tests_of "${BASH_SOURCE[0]}" "$@"
