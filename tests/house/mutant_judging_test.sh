#!/usr/bin/env bash
# shellcheck disable=SC2154
# tools/mutants: how it judges patches and generated mutants. On a machine of stand-ins; see
# shell_harness.sh.
source "$(dirname -- "${BASH_SOURCE[0]}")/shell_harness.sh"
source "$(dirname -- "${BASH_SOURCE[0]}")/mutants_harness.sh"

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

test_a_survivor_gets_a_scenario_where_it_is_asked_for() {
  make_compiler
  add_mutant 1.1/y 'int y;'
  add_mutant 1.2/z 'int z;'
  run "$tree/tools/mutants" --patches --jobs 1
  run "$tree/tools/mutants" --patches --jobs 1 --write --for 7s
  expect_status 1
  expect_out_has '  written: build/mutants/written/1.2/z/differs-3.xml'
  grep -q -- "--against $tree/build/mutants/programs/1.2/z --for 7s" "$tree/build/mutants/written/1.2/z/differs-3.xml" ||
    fail_test 'the mutant should be the other build'
  [[ ! -e $tree/build/mutants/written/1.1 ]] || fail_test 'what is caught needs no scenario'
}

test_one_mutant_is_not_in_the_next() {
  make_compiler
  add_mutant 1.1/y 'int y;'
  run "$tree/tools/mutants" --patches
  cmp -s "$tree/core/x.cpp" "$tree/build/mutants/tree/core/x.cpp" || fail_test 'the change should be taken back'
}

# Ninja as well: it compiles what it is told, and links by looking into the first object.
make_ninja() {
  stand_in ninja <<'END'
tree=${2%/build}/tree
echo "compile -O1 -MD -MT x -MF x.d -o CMakeFiles/core.dir/core/x.cpp.o -c $tree/core/x.cpp"
echo ': && link  -o bin/provlab  lib/libcore.a && :'
END
  stand_in compile <<'END'
grep -q nonsense "${!#}" && { echo "core/x.cpp:1: error: nonsense"; exit 1; }
words="$*" object=${words%% -c *}
cp "${!#}" "${object##* }"
END
  stand_in link <<'END'
words="$*" program=${words#*-o } program=${program%% *} object=${words#*"$program "}
object=${object%% *}
if grep -q 'int y' "$object"; then
  printf '#!/bin/bash\nprintf "FAILED  first 1 s\\n"\nexit 1\n' >"$program"
elif grep -q 'int rule' "$object"; then
  printf '#!/bin/bash\n[[ "$*" == *one.xml* ]] && printf "FAILED  one 1 s\\n" && exit 1\nexit 0\n' >"$program"
else
  printf '#!/bin/bash\nexit 0\n' >"$program"
fi
chmod +x "$program"
END
}

test_a_patch_costs_its_files_and_a_link() {
  make_compiler
  make_ninja
  add_mutant 1.1/y 'int y;'
  add_mutant 1.1/z 'int z;'
  run "$tree/tools/mutants" --patches
  expect_status 1
  expect_out_has 'caught    1.1/y by scenario first'
  expect_out_has 'SURVIVED  1.1/z'
  expect_calls compile 2
  expect_calls link 2
  [[ $(grep -c '^cmake --build' "$calls") == 1 ]] || fail_test 'only the program without a fault should be built as a whole'
}

test_a_patch_that_cannot_be_linked_alone_is_built_as_a_whole() {
  make_compiler
  make_ninja
  stand_in link <<<'exit 1'
  add_mutant 1.1/y 'int y;'
  run "$tree/tools/mutants" --patches
  expect_status 0
  expect_out_has 'caught    1.1/y by scenario first (and 1 more)'
}

test_scenarios_of_the_rule_are_asked_first() {
  make_compiler
  make_ninja
  add_mutant 1.1/r 'int rule;'
  printf '<scenario name="one"><about rules="2.1 1.1">x</about></scenario>\n' >"$tree/scenarios/one.xml"
  printf '<scenario name="two"><about rules="1.11 I1">x</about></scenario>\n' >"$tree/scenarios/two.xml"
  run "$tree/tools/mutants" --patches
  expect_status 0
  expect_out_has 'caught    1.1/r by scenario one'
}

test_verdicts_stay_until_sources_or_patch_differ() {
  make_compiler
  make_ninja
  add_mutant 1.1/y 'int y;'
  run "$tree/tools/mutants" --patches
  forget_calls
  run "$tree/tools/mutants" --patches
  expect_status 0
  expect_out_has 'caught    1.1/y by scenario first'
  expect_calls cmake 0
  echo '<scenario/>' >"$tree/scenarios/more.xml"
  run "$tree/tools/mutants" --patches
  expect_calls compile 1
  forget_calls
  touch -d 'now + 1 minute' "$tree/tests/mutants/1.1/y.patch"
  run "$tree/tools/mutants" --patches
  expect_calls compile 1
}

test_a_patch_that_does_not_build_is_named() {
  make_compiler
  add_mutant 1.1/n 'nonsense'
  run "$tree/tools/mutants" --patches
  expect_status 1
  expect_out_has 'DOES NOT BUILD 1.1/n'
  expect_err_has 'error: nonsense'
}

test_a_library_that_does_not_pass_judges_nothing() {
  make_compiler
  add_mutant 1.1/x 'int x;  '
  echo 'int y;' >"$tree/core/x.cpp"
  run "$tree/tools/mutants" --patches
  expect_status 4
  expect_err_has 'the library does not pass without a mutant: by scenario first'
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
room              patches   caught  survived
core                    1        1         0

rule              patches   caught  survived
1.2                     1        1         0

caught/total: 1/1'
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
  expect_out_has '--equivalents tests/mutants/equivalent.txt --explained tests/mutants/survivors.txt'
  expect_out_has '--only net/*:f:* --jobs 3 --count 2000 --seed 7'
}

test_test_programs_are_asked_where_that_is_wanted() {
  make_judge
  mkdir -p "$tree/build/generated/bin" && touch "$tree/build/generated/bin/test_net"{,.reach}
  run "$tree/tools/mutants" --generated
  [[ $out != *--tests* ]] || fail_test 'without --tests none should be asked'
  run "$tree/tools/mutants" --generated --tests
  expect_status 0
  [[ $out == *'--tests '*/bin/test_net* && $out != *.reach* ]] || fail_test 'test_net should be asked'
  grep -q -- '--target mutant_judge mutant_witnesses' "$calls" || fail_test 'test programs should be built'
}

test_scenarios_that_repeat_others_are_looked_for_among_patches_too() {
  make_compiler
  add_mutant 1.1/y 'int y;'
  run "$tree/tools/mutants" --patches
  expect_out_has 'caught    1.1/y by scenario first (and 1 more)'
  make_judge
  run "$tree/tools/mutants" --generated --redundant --count 500
  expect_status 0
  expect_out_has "--count 500 --redundant --repeats tests/mutants/repeats.txt --noticed $tree/build/generated/noticed.tsv"
  [[ $(<"$tree/build/generated/noticed.tsv") == $'1.1/y\tfirst\n1.1/y\tsecond' ]] || fail_test 'both should notice it'
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

# An ordinary build whose core is a file that joins x.cpp and other.cpp, and whose mutants say `mutant 12`
# unless line 20 is left out. Compiling takes no `mutant 12` where $machine/picky exists; its judge shows
# what it was linked of, and how it was called.
make_ordinary_build() {
  stand_in cmake <<'END'
[[ $1 == --preset ]] || exit 0
folder=build/$2 joined=$PWD/build/$2/CMakeFiles/core.dir/Unity
mkdir -p "$folder/bin" "$joined" && touch "$folder/maker_flags.txt"
echo "build mutant_maker: phony" >"$folder/build.ninja"
echo "CMAKE_HOME_DIRECTORY:INTERNAL=$PWD" >"$folder/CMakeCache.txt"
printf '#include "%s"\n' "$PWD/core/other.cpp" "$PWD/core/x.cpp" >"$joined/unity_0_cxx.cxx"
cat >"$folder/bin/mutant_maker" <<'MAKER'
#!/bin/bash
mkdir -p "$2/core" && touch "$2/mutants.tsv"
if grep -q x.cpp:20 "$3"; then echo left; else echo "mutant 12 of ${@:4}"; fi >"$2/core/x.cpp"
MAKER
chmod +x "$folder/bin/mutant_maker"
END
  stand_in ninja <<'END'
echo "compile -MD -MT x -MF x.d -o CMakeFiles/core.dir/Unity/unity_0_cxx.cxx.o -c $2/CMakeFiles/core.dir/Unity/unity_0_cxx.cxx"
echo ': && link  -o bin/mutant_judge  lib/libcore.a && :'
END
  stand_in compile <<'END'
words="$*" object=${words% -c *} object=${object##* }
for file in $(sed 's/.*"\(.*\)"/\1/' "${!#}"); do [[ -e $file ]] && cat "$file"; done >"$object"
[[ -e $machine/picky ]] && grep -q 'mutant 12' "$object" && { echo "/x/core/x.cpp:20:1: error: no"; exit 1; }
exit 0
END
  stand_in link <<'END'
words="$*" program=${words#*-o } program=${program%% *} objects=${words#*"$program "}
printf '#!/bin/bash\necho "judge $*"\n' >"$program" && chmod +x "$program"
sed 's/^/echo "linked: /;s/$/"/' ${objects%% lib*} >>"$program"
END
}

test_a_difference_gets_mutants_where_the_ordinary_build_has_its_files() {
  make_history
  make_ordinary_build
  run "$tree/tools/mutants" --generated --diff HEAD
  expect_status 0
  expect_out 'no function of the core differs from HEAD'
  echo 'the other' >"$tree/core/other.cpp"
  git -C "$tree" add core/other.cpp && commit
  sed -i 's/first(20)/second(20)/' "$tree/core/x.cpp"
  run "$tree/tools/mutants" --generated --diff HEAD
  expect_status 0
  expect_out_has "--touched $tree/build/touched.tsv"
  expect_out_has 'linked: the other
linked: mutant 12 of core/x.cpp --'
  grep -q '^core/x.cpp' "$tree/build/touched.tsv" || fail_test 'core/x.cpp should be touched'
}

test_lines_of_a_difference_whose_mutants_do_not_compile_are_left_out() {
  make_history
  make_ordinary_build
  touch "$machine/picky"
  sed -i 's/first(20)/second(20)/' "$tree/core/x.cpp"
  run "$tree/tools/mutants" --generated --diff HEAD
  expect_status 0
  expect_out_has 'linked: left'
  expect_err_has 'left out, since a mutant does not compile there: core/x.cpp:20'
}

test_an_ordinary_build_without_what_writes_mutants_is_configured_anew() {
  make_history
  make_ordinary_build
  sed -i 's/first(20)/second(20)/' "$tree/core/x.cpp"
  run "$tree/tools/mutants" --generated --diff HEAD
  expect_status 0
  ! grep -q "^cmake $tree/build/release$" "$calls" || fail_test 'it can write mutants'
  : >"$tree/build/release/build.ninja"
  run "$tree/tools/mutants" --generated --diff HEAD
  expect_status 0
  grep -q "^cmake $tree/build/release$" "$calls" || fail_test 'it should be configured anew'
}

test_a_difference_needs_a_folder_that_something_was_built_in() {
  make_history
  run "$tree/tools/mutants" --generated --diff HEAD --build "$tree/core"
  expect_status 2
  expect_err_has "--build $tree/core: nothing was built there; write for example build/dev"
}

test_packages_of_generated_mutants_are_their_own() {
  make_judge
  uninstall libclang-19-dev
  PROVLAB_INSTALL=never run "$tree/tools/mutants" --generated
  expect_status 4
  expect_err_has 'missing packages: libclang-19-dev'
}

run_tests_of "${BASH_SOURCE[0]}" "$@"
