#!/usr/bin/env bash
# shellcheck disable=SC2154
# tools/mutants: which patches there are, whether they apply, and how they follow the sources. On a
# machine of stand-ins; see shell_harness.sh.
source "$(dirname -- "${BASH_SOURCE[0]}")/shell_harness.sh"
source "$(dirname -- "${BASH_SOURCE[0]}")/mutants_harness.sh"

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

run_tests_of "${BASH_SOURCE[0]}" "$@"
