#!/usr/bin/env bash
# shellcheck disable=SC2154
# tools/provlab, on a machine of stand-ins. See shell_harness.sh.
source "$(dirname -- "${BASH_SOURCE[0]}")/shell_harness.sh"

test_first_call_configures_builds_and_runs() {
  run "$tree/tools/provlab" run a.xml
  expect_status 0
  expect_calls cmake 2
  expect_out "program in $PWD: run a.xml"
  expect_err_has 'building for the first time'
}

test_second_call_starts_no_tool_and_says_nothing() {
  run "$tree/tools/provlab"
  forget_calls
  run "$tree/tools/provlab" list
  expect_status 0
  expect_silence
  expect_out "program in $PWD: list"
  [[ ! -s $calls ]] || fail_test 'no stand-in should have been called'
}

test_second_call_takes_under_50_ms() {
  run "$tree/tools/provlab"
  local best=1000000 i start took
  for i in {1..20}; do
    start=${EPOCHREALTIME/[.,]/}
    "$tree/tools/provlab" >/dev/null
    took=$((${EPOCHREALTIME/[.,]/} - start))
    ((took < best)) && best=$took
  done
  ((best < 50000)) || fail_test "the best of 20 calls took $best us"
}

test_a_changed_source_is_built() {
  run "$tree/tools/provlab"
  forget_calls
  settle
  echo 'int y;' >>"$tree/core/x.cpp"
  run "$tree/tools/provlab"
  expect_calls cmake 1
  expect_err_lacks 'first time'
  forget_calls
  run "$tree/tools/provlab"
  expect_calls cmake 0
}

test_a_removed_source_is_noticed() {
  run "$tree/tools/provlab"
  forget_calls
  settle
  rm "$tree/core/x.cpp"
  run "$tree/tools/provlab"
  expect_calls cmake 1
}

test_changed_presets_configure_again() {
  run "$tree/tools/provlab"
  forget_calls
  settle
  echo '{ }' >"$tree/CMakePresets.json"
  run "$tree/tools/provlab"
  expect_calls cmake 2
}

test_a_copied_tree_starts_afresh() {
  run "$tree/tools/provlab"
  cp -a "$tree" "$scratch/copy"
  forget_calls
  run "$scratch/copy/tools/provlab"
  expect_status 0
  expect_calls cmake 2
  expect_err_has 'belongs to another folder'
}

test_arguments_folder_and_exit_code_pass_through() {
  run "$tree/tools/provlab"
  mkdir "$scratch/elsewhere" && cd "$scratch/elsewhere" || exit 1
  EXIT_WITH=3 run "$tree/tools/provlab" run 'a b.xml' --seed 7 '' '*'
  expect_status 3
  expect_out "program in $scratch/elsewhere: run a b.xml --seed 7  *"
}

test_the_program_learns_how_it_was_called() {
  run "$tree/tools/provlab"
  cd "$tree" || exit 1
  SHOW_COMMAND=1 run tools/provlab run
  expect_out "program in $tree: run
called as tools/provlab"
}

test_help_is_the_programs_own() {
  run "$tree/tools/provlab"
  run "$tree/tools/provlab" --help
  expect_out "program in $PWD: --help"
}

test_a_link_to_the_launcher_finds_the_tree() {
  ln -s "$tree/tools/provlab" "$scratch/link"
  ln -s link "$scratch/link-to-link"
  run "$scratch/link-to-link" x
  expect_status 0
  expect_out "program in $PWD: x"
}

test_missing_packages_are_named_and_installed() {
  uninstall libtins-dev
  uninstall ninja-build
  run "$tree/tools/provlab"
  expect_status 0
  expect_err_has 'installing 2 packages: ninja-build libtins-dev'
  expect_calls apt-get 2
  expect_calls sudo 0
  grep -q 'install --no-install-recommends ninja-build libtins-dev' "$calls" || fail_test 'what was installed'
}

test_nothing_is_installed_when_all_is_there() {
  echo 1000 >"$machine/uid"
  run "$tree/tools/provlab"
  expect_status 0
  expect_calls apt-get 0
  expect_calls sudo 0
}

test_tests_need_more_packages_than_the_program() {
  uninstall tshark
  run "$tree/tools/provlab"
  expect_calls apt-get 0
}

test_who_is_not_root_uses_sudo() {
  uninstall libtins-dev
  echo 1000 >"$machine/uid"
  run "$tree/tools/provlab"
  expect_status 0
  expect_err_has 'installing 1 packages with sudo: libtins-dev'
  expect_calls sudo 3
}

test_without_root_and_sudo_says_what_to_run() {
  uninstall libtins-dev
  echo 1000 >"$machine/uid"
  rm "$machine/bin/sudo"
  # A PATH in which the machine's own sudo, if any, cannot be found.
  mkdir "$scratch/path" && for command in bash env find flock mkdir cat dirname readlink grep sed tail nproc; do
    ln -s "$(command -v "$command")" "$scratch/path/$command"
  done
  run env PATH="$machine/bin:$scratch/path" "$tree/tools/provlab"
  expect_status 4
  expect_err_has 'apt-get install libtins-dev'
}

test_a_refused_installation_ends_with_the_log() {
  uninstall libtins-dev
  touch "$machine/install-fails"
  run "$tree/tools/provlab"
  expect_status 4
  expect_err_has 'E: Unable to locate package'
  expect_err_has "$tree/build/install.log"
  expect_out ''
}

test_installing_can_be_forbidden() {
  uninstall libtins-dev
  PROVLAB_INSTALL=never run "$tree/tools/provlab"
  expect_status 4
  expect_err_has 'missing packages: libtins-dev'
  expect_calls apt-get 0
}

test_other_releases_get_their_own_names_and_a_warning() {
  printf 'ID=ubuntu\nVERSION_ID="24.04"\nPRETTY_NAME="Ubuntu 24.04"\n' >"$machine/os-release"
  uninstall libboost1.81-dev
  printf 'libboost1.74-dev\nlibboost1.83-dev\n' >"$machine/known"
  run "$tree/tools/provlab"
  expect_status 0
  expect_err_has 'Ubuntu 24.04 is untested'
  grep -q 'install .*libboost1.83-dev' "$calls" || fail_test 'Boost 1.83 should be installed'
}

test_a_failing_build_shows_the_error_and_the_log() {
  touch "$machine/build-fails"
  run "$tree/tools/provlab"
  expect_status 4
  expect_out ''
  expect_err_has "core/x.cpp:7:1: error: 'y' was not declared"
  expect_err_has "$tree/build/build-release.log"
  rm "$machine/build-fails"
  run "$tree/tools/provlab"
  expect_status 0
}

test_after_a_failing_rebuild_the_old_program_is_not_run() {
  run "$tree/tools/provlab"
  settle
  echo 'broken' >>"$tree/core/x.cpp"
  touch "$machine/build-fails"
  run "$tree/tools/provlab"
  expect_status 4
  run "$tree/tools/provlab"
  expect_status 4
  expect_out ''
}

test_two_at_once_build_once() {
  touch "$machine/slow-build"
  run "$tree/tools/provlab" first &
  # The second one starts when the first is building.
  until grep -qs '^cmake --build' "$calls"; do :; done
  PROVLAB_OS_RELEASE=$machine/os-release PATH=$machine/bin:$PATH \
    "$tree/tools/provlab" second >"$scratch/out2" 2>"$scratch/err2"
  status=$?
  wait
  out=$(<"$scratch/out2") err=$(<"$scratch/err2")
  expect_status 0
  expect_err_has 'another build is running'
  expect_out "program in $PWD: second"
  expect_calls cmake 2
}

run_tests_of "${BASH_SOURCE[0]}" "$@"
