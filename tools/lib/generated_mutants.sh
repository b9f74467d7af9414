# shellcheck shell=bash disable=SC2034,SC2154
# Generated mutants (D48): builds the core that has them all and asks its judge; sourced by
# tools/mutants, after mutant_choice.sh. All is in build/generated.

generated_home=$root/build/generated

# leave_out FILE   adds to the lines of the core that are left out those of which a compiler, whose
# words are read, says that a mutant in them does not compile; fails where there is none that is new.
leave_out() {
  local new
  new=$(grep -oE 'core/[^: ]+\.cpp:[0-9]+:[0-9]+:( error|   required from)' | cut -d : -f 1,2 | sort -u | grep -vxFf "$1")
  [[ $new ]] || return 1
  milestone "left out, since a mutant does not compile there: ${new//$'\n'/ }"
  printf '%s\n' "$new" >>"$1"
}

# Lines of the core in which a mutant does not compile are left out, and the rest is built again.
build_generated() {
  local log=$root/build/build-generated.log preset=generated started=$SECONDS left_out=$generated_home/left_out.txt
  local turn targets=(mutant_judge)
  [[ $tests ]] && targets+=(mutant_witnesses)
  [[ $write ]] && targets+=(provlab)
  take_build_lock
  # Ninja itself sees what has changed since.
  is_configured "$generated_home" || configure generated
  # Lines have other numbers since.
  [[ -e $left_out ]] || : >"$left_out"
  [[ $(find "$root/core" -name '*.cpp' -newer "$left_out" -print -quit) ]] && : >"$left_out"
  for turn in 1 2 3 4 5 6; do
    (cd -- "$root" && LC_ALL=C NINJA_STATUS='[%f/%t] ' nice -n 5 cmake --build build/generated \
      --parallel "$(build_jobs)" --target "${targets[@]}" -- -k 0 2>&1) | show_build
    if ((PIPESTATUS[0] == 0)); then
      milestone "core with mutants built in $(time_since "$started")"
      [[ -r $generated_home/rewritten/summary.txt ]] && milestone "$(<"$generated_home/rewritten/summary.txt")"
      release_build_lock
      return 0
    fi
    leave_out "$left_out" <"$log" || break
  done
  tail_of "$log" 15
  die "the core with generated mutants does not build; the whole log: $log"
}

# write_touched_lines REV FILE   the lines of functions of the core that differ from a revision.
write_touched_lines() {
  local path range
  make_scratch
  tree_git rev-parse --verify --quiet "$1^{tree}" >/dev/null || {
    printf 'mutants: --diff %s: the tree has no such revision\n' "$1" >&2
    exit 2
  }
  add_tree_to_scratch
  read_touched_lines "$1"
  for path in "${!touched[@]}"; do
    [[ $path == core/*.cpp ]] || continue
    for range in ${touched[$path]}; do
      [[ $range == gone ]] || printf '%s\t%d\t%d\n' "$path" "${range%-*}" "${range#*-}"
    done
  done | sort >"$2"
}

# judge_generated GLOB...   exit code as tools/mutants has it.
judge_generated() {
  local words=() glob code=0 home=$generated_home touched_lines=$root/build/touched.tsv
  if [[ $diff_revision ]]; then
    mkdir -p -- "$root/build" || die "cannot write in $root"
    write_touched_lines "$diff_revision" "$touched_lines"
    if [[ ! -s $touched_lines ]]; then
      printf 'no function of the core differs from %s\n' "$diff_revision"
      return 0
    fi
    words+=(--touched "$touched_lines")
  fi
  install_missing_packages "${build_packages[@]}" "${mutant_packages[@]}"
  if [[ $diff_revision && ! $tests$redundant$write ]]; then
    home=$touched_home
    build_touched "$touched_lines"
  else
    build_generated
  fi
  for glob in "$@"; do words+=(--only "$glob"); done
  [[ $jobs ]] && words+=(--jobs "$jobs")
  [[ $count ]] && words+=(--count "$count")
  [[ $seed ]] && words+=(--seed "$seed")
  [[ $action == list ]] && words+=(--list)
  if [[ $redundant ]]; then
    words+=(--redundant --repeats tests/mutants/repeats.txt)
    noticed_by_patches >"$generated_home/noticed.tsv" && words+=(--noticed "$generated_home/noticed.tsv")
  fi
  [[ $tests ]] && for glob in "$generated_home"/bin/test_*; do [[ $glob == *.reach* ]] || words+=(--tests "$glob"); done
  (cd -- "$root" && nice -n 5 "$home/bin/mutant_judge" "$home/rewritten/mutants.tsv" \
    --results "$home/results.tsv" --equivalents tests/mutants/equivalent.txt --explained tests/mutants/survivors.txt \
    --survivors "$generated_home/survivors.txt" "${words[@]}") || code=$?
  [[ $write && $action == run ]] && write_for_generated
  return "$code"
}
