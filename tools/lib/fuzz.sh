# shellcheck shell=bash disable=SC2034,SC2154
# Runs libFuzzer over all that is read; sourced by tools/check, which counts the results.

fuzz_targets=(classify merge operations migration xpath dhcp dns sntp sip http_head url timezone notify_sync
  sip_port fakes frames capture anonymise web_ui session scenario report trace)

# run_fuzz SECONDS   each target for so long, one a core; a target counts as one check. What the
# fuzzers find worth trying again stays in build/fuzz/inputs/, so a later run goes on from there.
run_fuzz() {
  local seconds=$1 folder=$root/build/fuzz count=0 started=$SECONDS status target
  [[ -r $folder/build.ninja && ! $root/CMakePresets.json -nt $folder/build.ninja ]] || configure fuzz
  build fuzz fuzzers
  release_build_lock
  for target in "${fuzz_targets[@]}"; do
    mkdir -p -- "$folder/inputs/$target" "$folder/findings" || die "cannot write $folder"
  done
  milestone "fuzzing ${fuzz_targets[*]}: $seconds s each, $(build_jobs) at once"
  exec {finished}< <(printf '%s\0' "${fuzz_targets[@]}" |
    xargs -0 -P "$(build_jobs)" -n 1 bash -c '
      cd -- "$0" || exit
      words=tests/fuzz/dictionaries/$2.dict
      [[ -r $words ]] && options=(-dict="$words") || options=()
      # Weighing, counting and shortening inputs costs as much as half a boot.
      [[ $2 == session ]] && options=(-entropic=0 -use_counters=0 -reduce_inputs=0)
      build/fuzz/bin/fuzz_"$2" -max_total_time="$1" -timeout=20 -print_final_stats=1 -print_funcs=0 "${options[@]}" \
        -artifact_prefix="build/fuzz/findings/$2-" build/fuzz/inputs/"$2" tests/fuzz/corpus/"$2" \
        >build/fuzz-"$2".log 2>&1
      printf "%d\t%s\n" $? "$2"' "$root" "$seconds")
  while ((count < ${#fuzz_targets[@]})); do
    if IFS=$'\t' read -r -t 1 status target <&"$finished"; then
      count=$((count + 1))
      judge_fuzzer "$target" "$status"
    elif (($? <= 128)); then
      die 'the fuzzers could not be run'
    fi
    progress "fuzzing: $count of ${#fuzz_targets[@]} done, $(time_since "$started")"
  done
  exec {finished}<&-
}

# judge_fuzzer TARGET STATUS   says how many inputs were tried, or how to try the bad one again.
judge_fuzzer() {
  local log=$root/build/fuzz-$1.log executions found
  executions=$(sed -n 's/^stat::number_of_executed_units: *//p' "$log")
  if [[ $2 == 0 && ${executions:-0} != 0 ]]; then
    passed=$((passed + 1))
    milestone "fuzz_$1: $executions inputs, clean"
    return
  fi
  failed=$((failed + 1)) failed_names+=("fuzz_$1")
  milestone "FAILED fuzz_$1 after ${executions:-no} inputs; the whole log: build/fuzz-$1.log"
  grep -v '^#[0-9]' "$log" | tail -n 40 | sed 's/^/  | /' >&2
  found=$(sed -n 's/.*Test unit written to //p' "$log" | tail -n 1)
  [[ $found ]] || return 0
  milestone "once more:    build/fuzz/bin/fuzz_$1 $found"
  milestone "once mended:  cp $found tests/fuzz/corpus/$1/   (tools/check then tries it for ever)"
}
