# shellcheck shell=bash disable=SC2034,SC2154
# Runs tests through CTest and counts them; sourced by tools/check.

passed=0 failed=0 skipped=0 skipped_note='' failed_names=()

# The closing line. What could not even be built counts as one failure.
say_totals() {
  local status=$?
  ((status != 0 && failed == 0)) && failed=1
  end_progress
  printf '%d passed, %d failed\n' "$passed" "$failed"
  exit "$status"
}

# run_tests PRESET   adds to the counts; shows what a failing test said.
run_tests() {
  local preset=$1 log=$root/build/test-$1.log started=$SECONDS
  local before=$((passed + failed)) arguments=(--test-dir "build/$preset" --output-on-failure
    --no-tests=ignore --parallel "$(nproc)")
  [[ $power_cuts ]] && arguments+=(--build-config PowerCuts) # the tests that wait for this word
  [[ $filter ]] && arguments+=(--tests-regex "$filter")
  progress "finding the tests of $preset"
  : >"$log" || die "cannot write $log"
  read_tests < <(cd -- "$root" && LC_ALL=C ASAN_OPTIONS=detect_stack_use_after_return=1 \
    UBSAN_OPTIONS=print_stacktrace=1 ctest "${arguments[@]}" 2>&1)
  end_progress
  local count=$((passed + failed - before))
  if ((count == 0)); then
    tail_of "$log"
    failed=$((failed + 1)) failed_names+=("no-tests-found($preset)")
  fi
  ((skipped)) && skipped_note=" ($skipped skipped: see build/test-*.log)"
  milestone "$preset: $count tests in $(time_since "$started")"
}

# Reads CTest's lines, such as ` 3/40 Test  #7: Url.Parses ....   Passed    0.01 sec`.
read_tests() {
  local line failing='' shown=0 next=25 share
  # The name may itself end in dots; what became of the test has none.
  local result='^ *([0-9]+)/([0-9]+) Test +#[0-9]+: (.*[^ ]) \.+ *([^.]*[^ .]) +[0-9.]+ sec'
  while IFS= read -r line; do
    printf '%s\n' "$line" >>"$log"
    if [[ $line =~ $result ]]; then
      failing=
      share=$((100 * BASH_REMATCH[1] / BASH_REMATCH[2]))
      case ${BASH_REMATCH[4]} in
        Passed) passed=$((passed + 1)) ;;
        *'***Skipped' | *'(Disabled)') skipped=$((skipped + 1)) ;;
        *)
          failed=$((failed + 1)) failed_names+=("${BASH_REMATCH[3]}")
          failing=1 shown=0
          milestone "FAILED ${BASH_REMATCH[3]} (${BASH_REMATCH[4]//\*/})" ;;
      esac
      progress "testing $preset [${BASH_REMATCH[1]}/${BASH_REMATCH[2]}] ${BASH_REMATCH[3]}"
      if [[ ! $on_terminal ]] && ((share >= next && share < 100)); then
        milestone "testing $preset: $share % after $(time_since "$started")"
        next=$((share / 25 * 25 + 25))
      fi
    elif [[ $line =~ ^\ *Start\ +[0-9]+: || $line == *'% tests passed,'* ]]; then
      failing=
    elif [[ $failing ]] && ((shown < 60)); then
      end_progress
      shown=$((shown + 1))
      printf '  | %s\n' "$line" >&2
    fi
  done
}
