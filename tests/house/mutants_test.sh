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
  run "$tree/tools/mutants" --patches
  expect_status 0
  expect_out_has 'caught    1.1/y by scenario first (and 1 more)'
  [[ $(last_line) == 'caught/total: 1/1' ]] || fail_test 'the last line should be: caught/total: 1/1'
}

test_a_mutant_that_nobody_notices_has_survived() {
  make_compiler
  add_mutant 1.1/y 'int y;'
  add_mutant 1.2/z 'int z;'
  run "$tree/tools/mutants" --patches --jobs 1
  expect_status 1
  expect_out_has 'SURVIVED  1.2/z'
  [[ $(last_line) == 'caught/total: 1/2' ]] || fail_test 'the last line should be: caught/total: 1/2'
}

test_one_mutant_is_not_in_the_next() {
  make_compiler
  add_mutant 1.1/y 'int y;'
  run "$tree/tools/mutants" --patches
  cmp -s "$tree/core/x.cpp" "$tree/build/mutants/tree/core/x.cpp" || fail_test 'the change should be taken back'
}

test_a_patch_that_does_not_build_is_named() {
  make_compiler
  add_mutant 1.1/n 'nonsense'
  run "$tree/tools/mutants" --patches
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
  run "$tree/tools/mutants" --patches
  expect_status 4
  expect_err_has 'the library does not pass without a mutant: by scenario first'
}

test_mutants_are_listed_and_chosen_by_name() {
  add_mutant 1.1/y 'int y;'
  add_mutant 2.1/z 'int z;'
  run "$tree/tools/mutants" --only '2.*' --list
  expect_status 0
  [[ $out == *'rule 2.1'*'2.1/z'*'What is wrong with it'* && $out != *1.1/y* ]] || fail_test 'only 2.1/z should be listed'
}

test_a_name_that_fits_none_is_a_usage_error() {
  add_mutant 1.1/y 'int y;'
  run "$tree/tools/mutants" --only '9.*'
  expect_status 2
  expect_err_has 'no patch in tests/mutants/ is named 9.*'
}

test_bad_options_are_usage_errors() {
  add_mutant 1.1/y 'int y;'
  for words in --nonsense --only '--count x' '--generated --check' '--jobs 0' '--jobs x' --diff '--refresh --rename x' '--base HEAD'; do
    # shellcheck disable=SC2086
    run "$tree/tools/mutants" $words
    expect_status 2
  done
}

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

# The patch of 1.1/y gives the file $1 the line $2, and nothing else.
expect_fault() {
  cp "$tree/$1" "$scratch/before"
  patch --quiet --fuzz=0 --strip=1 --directory="$tree" <"$tree/tests/mutants/1.1/y.patch" || fail_test 'the patch should apply'
  [[ $(diff "$scratch/before" "$tree/$1" | grep '^>') == "> $2" ]] || fail_test "the line with the fault should be: $2"
  mv "$scratch/before" "$tree/$1"
}

test_a_patch_is_carried_over_a_change_around_it() {
  make_history
  sed -i '1,13s/first/second/;18i int more;' "$tree/core/x.cpp"
  git -C "$tree" status --porcelain >"$scratch/status"
  run "$tree/tools/mutants" --refresh
  expect_status 0
  expect_out 'refreshed 1.1/y: core/x.cpp
0 patches applied already, 1 refreshed, 0 in conflict'
  [[ $(head -n 1 "$tree/tests/mutants/1.1/y.patch") == 'What is wrong with it (rule 1.1)' ]] || fail_test 'the first line should stay'
  expect_fault core/x.cpp 'int line_15 = fault(15);'
  git -C "$tree" status --porcelain | grep -v mutants | cmp -s - "$scratch/status" || fail_test 'the rest of the tree should stay as it was'
}

test_a_patch_that_applies_keeps_its_bytes() {
  make_history
  sed -i '1i int more;' "$tree/core/x.cpp"
  cp "$tree/tests/mutants/1.1/y.patch" "$scratch/patch"
  run "$tree/tools/mutants" --refresh
  expect_status 0
  expect_out '1 patches applied already, 0 refreshed, 0 in conflict'
  cmp -s "$tree/tests/mutants/1.1/y.patch" "$scratch/patch" || fail_test 'the patch should stay as it was'
}

test_a_patch_follows_its_file_over_all_moves() {
  make_history
  mkdir "$tree/core/a" && mv "$tree/core/x.cpp" "$tree/core/a/z.cpp" && commit
  sed -i '1,13s/first/second/' "$tree/core/a/z.cpp" && commit
  mv "$tree/core/a" "$tree/core/b"
  run "$tree/tools/mutants" --refresh
  expect_status 0
  expect_out_has 'refreshed 1.1/y: core/b/z.cpp (was core/x.cpp)'
  expect_fault core/b/z.cpp 'int line_15 = fault(15);'
  cp "$tree/tests/mutants/1.1/y.patch" "$scratch/patch"
  run "$tree/tools/mutants" --refresh
  cmp -s "$tree/tests/mutants/1.1/y.patch" "$scratch/patch" || fail_test 'a second time should change nothing'
}

test_a_conflict_is_named_and_leaves_the_patch_alone() {
  make_history
  sed -i 's/first(15)/another()/' "$tree/core/x.cpp"
  cp "$tree/tests/mutants/1.1/y.patch" "$scratch/patch"
  run "$tree/tools/mutants" --refresh
  expect_status 1
  expect_out_has 'CONFLICT  1.1/y: core/x.cpp'
  cmp -s "$tree/tests/mutants/1.1/y.patch" "$scratch/patch" || fail_test 'the patch should stay as it was'
  grep -q '^int line_15 = another();' "$tree/build/mutants/conflicts/1.1/y/core/x.cpp" || fail_test 'the conflict should be shown'
  rm "$tree/core/x.cpp"
  run "$tree/tools/mutants" --refresh
  expect_status 1
  expect_out_has 'CONFLICT  1.1/y: core/x.cpp: the file is gone'
}

test_words_and_folders_are_renamed_in_the_patch() {
  make_history
  mkdir "$tree/core/a"
  sed 's/first(/called(/;s/line_15/line/;s/30/0/' "$tree/core/x.cpp" >"$tree/core/a/x.cpp"
  rm "$tree/core/x.cpp"
  run "$tree/tools/mutants" --refresh --rename first=called --rename line_15=line --rename core/=core/a/
  expect_status 0
  expect_fault core/a/x.cpp 'int line = fault(15);'
}

test_a_new_name_in_the_line_of_the_fault_is_taken_over() {
  make_history
  sed -i 's/line_15/fifteenth/;16s/first/second/' "$tree/core/x.cpp"
  run "$tree/tools/mutants" --refresh
  expect_status 0
  expect_out_has 'refreshed 1.1/y: core/x.cpp; look at it'
  expect_fault core/x.cpp 'int fifteenth = fault(15);'
}

test_lines_that_break_elsewhere_are_formatted_first() {
  make_history
  touch "$tree/.clang-format"
  stand_in clang-format <<'END'
sed 's/ = long/ =\n    long/;s/ = fault/ =\n    fault/'
END
  sed -i 's/first/longer/' "$tree/core/x.cpp"
  clang=$("$machine/bin/clang-format" <"$tree/core/x.cpp") && printf '%s\n' "$clang" >"$tree/core/x.cpp"
  run "$tree/tools/mutants" --refresh --rename first=longer
  expect_status 0
  expect_fault core/x.cpp '    fault(15);'
}

test_a_patch_follows_code_that_was_moved_to_another_file() {
  make_history
  { echo 'int before;'; sed -n 10,20p "$tree/core/x.cpp"; echo 'int after;'; } >"$tree/core/part.cpp"
  sed -i 10,20d "$tree/core/x.cpp"
  run "$tree/tools/mutants" --refresh
  expect_status 0
  expect_out_has 'refreshed 1.1/y: core/part.cpp (was core/x.cpp); look at it'
  expect_fault core/part.cpp 'int line_15 = fault(15);'
}

test_hunks_go_where_each_belongs() {
  make_history
  sed -i '3s/first/fault/;27s/first/fault/' "$tree/core/x.cpp"
  { echo 'What is wrong with it (rule 1.1)'; git -C "$tree" diff core; } >"$tree/tests/mutants/1.1/y.patch"
  git -C "$tree" checkout --quiet core
  sed -n 20,30p "$tree/core/x.cpp" >"$tree/core/part.cpp"
  sed -i '20,30d;2s/first/second/' "$tree/core/x.cpp"
  run "$tree/tools/mutants" --refresh
  expect_status 0
  expect_out_has 'refreshed 1.1/y: core/x.cpp core/part.cpp (was core/x.cpp); look at it'
  patch --quiet --fuzz=0 --strip=1 --directory="$tree" <"$tree/tests/mutants/1.1/y.patch"
  [[ $(cat "$tree"/core/{x,part}.cpp | grep fault) == 'int line_3 = fault(3);
int line_27 = fault(27);' ]] || fail_test 'both faults should be there'
}

test_code_that_was_copied_is_left_to_a_person() {
  make_history
  for copy in a b; do sed -n 10,20p "$tree/core/x.cpp" >"$tree/core/$copy.cpp"; done
  sed -i 10,20d "$tree/core/x.cpp"
  run "$tree/tools/mutants" --refresh
  expect_status 1
  expect_out_has 'CONFLICT  1.1/y: core/x.cpp'
}

test_a_fault_that_says_an_old_name_is_told_of_or_renamed() {
  make_history
  sed -i '14,16s/first/it/' "$tree/core/x.cpp"
  sed -i 's/first(\(14\|15\|16\))/it(\1)/;s/fault(15);/& first();/' "$tree/tests/mutants/1.1/y.patch"
  commit
  sed -i 's/first/second/' "$tree/core/x.cpp"
  run "$tree/tools/mutants" --refresh --rename fault=broken
  expect_status 0
  expect_out_has 'will not build: its file no longer has the name first; use --rename'
  expect_fault core/x.cpp 'int line_15 = broken(15); first();'
  run "$tree/tools/mutants" --refresh --rename first=second
  expect_status 0
  expect_out 'refreshed 1.1/y: core/x.cpp
0 patches applied already, 1 refreshed, 0 in conflict'
  expect_fault core/x.cpp 'int line_15 = broken(15); second();'
}

test_mutants_whose_functions_differ_are_chosen() {
  make_history
  # Lines 11 to 19 are the body of a function that line 10 begins.
  sed -i 's/^int line_1[1-9]/  &/' "$tree/core/x.cpp"
  sed -i 's/^\(.\)int line/\1  int line/' "$tree/tests/mutants/1.1/y.patch"
  add_mutant 1.2/far 'int far;'
  echo 'int x;' >"$tree/core/far.cpp" && sed -i 's/x.cpp/far.cpp/' "$tree/tests/mutants/1.2/far.patch"
  commit
  sed -i '1i int more;' "$tree/core/x.cpp"
  run "$tree/tools/mutants" --patches --diff HEAD
  expect_status 0
  expect_out '0 of 2 mutants are touched by what differs from HEAD'
  sed -i '12i \  int line_10_and_a_half;' "$tree/core/x.cpp"
  run "$tree/tools/mutants" --diff HEAD --check
  expect_status 0
  expect_out 'touched   1.1/y: core/x.cpp:14 is in a function that differs
1 of 2 mutants are touched by what differs from HEAD
1 patches apply'
  run "$tree/tools/mutants" --diff HEAD --only '1.2/*'
  expect_out '0 of 1 mutants are touched by what differs from HEAD'
}

test_mutants_whose_patches_differ_are_judged() {
  make_history
  make_compiler
  mkdir "$tree/scenarios"
  mkdir "$tree/tests/mutants/1.2" && sed 's/1\.1/1.2/;s/fault(15)/int y/' "$tree/tests/mutants/1.1/y.patch" >"$tree/tests/mutants/1.2/z.patch"
  run "$tree/tools/mutants" --patches --diff HEAD
  expect_status 0
  expect_out 'touched   1.2/z: its patch differs
1 of 2 mutants are touched by what differs from HEAD
caught    1.2/z by scenario first (and 1 more)
caught/total: 1/1'
}

test_mutants_that_a_change_broke_are_chosen() {
  make_history
  sed -i 's/line_16/other/' "$tree/core/x.cpp"
  run "$tree/tools/mutants" --diff HEAD --check
  expect_status 1
  expect_out_has 'touched   1.1/y: it no longer applies'
  git -C "$tree" checkout --quiet core
  mv "$tree/core/x.cpp" "$tree/core/z.cpp"
  run "$tree/tools/mutants" --diff HEAD --check
  expect_status 1
  expect_out_has 'touched   1.1/y: it no longer applies'
  run "$tree/tools/mutants" --patches --diff nowhere
  expect_status 2
  expect_err_has 'mutants: --diff nowhere: the tree has no such revision'
}

test_the_base_can_be_given() {
  make_history
  git -C "$tree" tag before
  sed -i '1,13s/first/second/' "$tree/core/x.cpp" && commit
  run "$tree/tools/mutants" --refresh --base HEAD
  expect_status 1
  expect_out_has 'CONFLICT  1.1/y: core/x.cpp: it applies to no version of the file at HEAD'
  run "$tree/tools/mutants" --refresh --base before
  expect_status 0
  expect_fault core/x.cpp 'int line_15 = fault(15);'
}

# A core with generated mutants whose build complains as often as $machine/complaints has lines, and a
# judge that says how it was called.
make_judge() {
  : >"$machine/complaints"
  stand_in cmake <<'END'
if [[ $1 == --preset ]]; then
  mkdir -p build/generated && touch build/generated/build.ninja
  exit 0
fi
if [[ -s $machine/complaints ]]; then
  head -n 1 "$machine/complaints"
  sed -i 1d "$machine/complaints"
  exit 1
fi
mkdir -p build/generated/bin
printf '#!/bin/bash\necho "judge $*"\nexit ${EXIT_WITH:-0}\n' >build/generated/bin/mutant_judge
chmod +x build/generated/bin/mutant_judge
END
}

test_generated_mutants_are_judged_by_their_program() {
  make_judge
  run "$tree/tools/mutants" --generated --count 2000 --seed 7 --only 'net/*:f:*' --jobs 3
  expect_status 0
  expect_out_has '/rewritten/mutants.tsv'
  expect_out_has '--equivalents tests/mutants/equivalent.txt'
  expect_out_has '--only net/*:f:* --jobs 3 --count 2000 --seed 7'
}

test_a_generated_survivor_is_an_exit_code() {
  make_judge
  EXIT_WITH=1 run "$tree/tools/mutants" --generated
  expect_status 1
}

test_names_with_colons_are_those_of_generated_mutants() {
  make_judge
  run "$tree/tools/mutants" --only 'net/url.cpp:*'
  expect_status 0
  expect_out_has 'judge '
}

test_lines_whose_mutants_do_not_compile_are_left_out() {
  make_judge
  printf '/x/core/net/url.cpp:12:7: error: no\n/x/core/net/url.cpp:30:1: error: no\n' >"$machine/complaints"
  run "$tree/tools/mutants" --generated
  expect_status 0
  [[ $(<"$tree/build/generated/left_out.txt") == $'core/net/url.cpp:12\ncore/net/url.cpp:30' ]] ||
    fail_test 'both lines should be left out'
  expect_err_has 'left out, since a mutant does not compile there: core/net/url.cpp:12'
}

test_a_core_with_mutants_that_does_not_build_is_told() {
  make_judge
  printf 'ld: no space\n' >"$machine/complaints"
  run "$tree/tools/mutants" --generated
  expect_status 4
  expect_err_has 'the core with generated mutants does not build'
}

test_a_difference_is_told_to_the_judge_of_generated_mutants() {
  make_history
  make_judge
  run "$tree/tools/mutants" --generated --diff HEAD
  expect_status 0
  expect_out 'no function of the core differs from HEAD'
  sed -i 's/first(20)/second(20)/' "$tree/core/x.cpp"
  run "$tree/tools/mutants" --generated --diff HEAD
  expect_status 0
  expect_out_has '--touched '
  grep -q '^core/x.cpp' "$tree/build/generated/touched.tsv" || fail_test 'core/x.cpp should be touched'
}

test_packages_of_generated_mutants_are_their_own() {
  make_judge
  uninstall libclang-19-dev
  PROVLAB_INSTALL=never run "$tree/tools/mutants" --generated
  expect_status 4
  expect_err_has 'missing packages: libclang-19-dev'
}

run_tests_of "${BASH_SOURCE[0]}" "$@"
