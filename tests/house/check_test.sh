#!/usr/bin/env bash
# shellcheck disable=SC2154
# tools/check, on a machine of stand-ins. See shell_harness.sh.
source "$(dirname -- "${BASH_SOURCE[0]}")/shell_harness.sh"

ctest_says() { cat >"$machine/ctest-says"; }
last_line() { tail -n 1 "$scratch/out"; }
expect_totals() { [[ $(last_line) == "$1" ]] || fail_test "the last line should be: $1"; }

all_pass() {
  ctest_says <<'END'
Test project /x/build/release
      Start  1: Url.Parses
1/3 Test  #1: Url.Parses .......................   Passed    0.01 sec
      Start  2: Tshark.ReadsBack
2/3 Test  #2: Tshark.ReadsBack .................***Skipped   0.01 sec
      Start  3: scenario:discovery/a.xml
3/3 Test  #3: scenario:discovery/a.xml .........   Passed    0.01 sec

100% tests passed, 0 tests failed out of 3
END
}

one_fails() {
  ctest_says <<'END'
      Start 1: Url.Parses
1/5 Test #1: Url.Parses ...........***Failed    0.01 sec
url_test.cpp:7: Failure
expected a, got b

      Start 2: Url.Resolves
2/5 Test #2: Url.Resolves .........   Passed    0.01 sec
3/5 Test #3: Url.Hangs ............***Timeout 120.01 sec
4/5 Test #4: Url.Dies .............***Exception: SegFault  0.01 sec
5/5 Test #5: Url.Aborts ...........Subprocess aborted***Exception:   0.01 sec

25% tests passed, 4 tests failed out of 5
END
}

test_all_passed() {
  all_pass
  run "$tree/tools/check"
  expect_status 0
  expect_totals '2 passed, 0 failed'
  expect_err_has 'all well: 2 passed'
  expect_err_has '1 skipped'
}

test_failures_are_shown_and_counted() {
  one_fails
  run "$tree/tools/check"
  expect_status 1
  expect_totals '1 passed, 4 failed'
  expect_err_has 'FAILED Url.Parses (Failed)'
  expect_err_has 'expected a, got b'
  expect_err_has 'FAILED Url.Dies (Exception: SegFault)'
  expect_err_has 'FAILED: Url.Parses Url.Hangs Url.Dies Url.Aborts'
}

test_no_tests_at_all_is_a_failure() {
  echo 'No tests were found!!!' | ctest_says
  run "$tree/tools/check"
  expect_status 1
  expect_totals '0 passed, 1 failed'
}

test_a_failing_build_is_a_failure_with_totals() {
  touch "$machine/build-fails"
  run "$tree/tools/check"
  expect_status 4
  expect_totals '0 passed, 1 failed'
  expect_calls ctest 0
}

test_tshark_is_installed_for_the_tests() {
  all_pass
  uninstall tshark
  run "$tree/tools/check"
  expect_status 0
  expect_err_has 'installing 1 packages: tshark'
}

test_asan_runs_the_tests_a_second_time() {
  all_pass
  run "$tree/tools/check" --asan
  expect_status 0
  expect_totals '4 passed, 0 failed'
  expect_calls ctest 2
  grep -q '^cmake --preset asan' "$calls" || fail_test 'the asan preset should be configured'
}

test_power_cuts_are_made_everywhere_when_asked_for() {
  all_pass
  run "$tree/tools/check" --power-cuts
  expect_status 0
  expect_calls ctest 1
  grep -q '^ctest .*--build-config PowerCuts' "$calls" || fail_test 'the tests of all cuts should run'
  run "$tree/tools/check"
  [[ $(grep -c 'PowerCuts' "$calls") == 1 ]] || fail_test 'they should not run unasked'
}

test_fuzzing_counts_each_target_and_says_how_many_inputs() {
  run "$tree/tools/check" --fuzz 5
  expect_status 0
  expect_totals "$(count_fuzz_targets) passed, 0 failed"
  expect_err_has 'fuzz_merge: 1234 inputs, clean'
  expect_calls fuzzer "$(count_fuzz_targets)"
  expect_calls ctest 0
  grep -q '^fuzzer -max_total_time=5 .* build/fuzz/inputs/merge tests/fuzz/corpus/merge$' "$calls" ||
    fail_test 'the time, the kept inputs and the corpus should reach the fuzzer'
}

test_what_a_fuzzer_finds_is_shown_with_how_to_try_it_again() {
  printf '#2 NEW cov: 3\na section has changed without a word\n%s\n' \
    'artifact_prefix=x; Test unit written to build/fuzz/findings/merge-crash-1f' >"$machine/fuzz_merge-finds"
  run "$tree/tools/check" --fuzz
  expect_status 1
  expect_totals "$(($(count_fuzz_targets) - 1)) passed, 1 failed"
  expect_err_has 'a section has changed without a word'
  expect_err_lacks 'NEW cov'
  expect_err_has 'build/fuzz/bin/fuzz_merge build/fuzz/findings/merge-crash-1f'
  grep -q '^fuzzer -max_total_time=60 ' "$calls" || fail_test 'a minute should be the default'
}

test_a_fuzzer_that_tries_nothing_is_no_success() {
  EXECUTED=0 run "$tree/tools/check" --fuzz 1
  expect_status 1
  expect_totals "0 passed, $(count_fuzz_targets) failed"
}

test_a_filter_reaches_ctest() {
  all_pass
  run "$tree/tools/check" --filter 'Url.*'
  grep -q '^ctest .*--tests-regex Url\.\*' "$calls" || fail_test 'CTest should get the filter'
}

test_the_program_needs_no_second_build_afterwards() {
  all_pass
  run "$tree/tools/check"
  forget_calls
  run "$tree/tools/provlab"
  expect_silence
  expect_calls cmake 0
}

test_an_unknown_option_is_a_usage_error() {
  run "$tree/tools/check" --nonsense
  expect_status 2
  expect_err_has 'no such option: --nonsense'
}

test_help_shows_the_options() {
  run "$tree/tools/check" --help
  expect_status 0
  [[ $out == *--asan* && $out == *--fuzz* && $out == *--tidy* ]] || fail_test 'help should name the options'
}

run_tests_of "${BASH_SOURCE[0]}" "$@"
