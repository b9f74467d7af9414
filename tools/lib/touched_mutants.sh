# shellcheck shell=bash disable=SC2034,SC2154
# The generated mutants of a change (D70): files that it touches get mutants, all else is that of an
# ordinary build, whose judge is linked once more with their objects before its libraries. Sourced by
# tools/mutants, after generated_mutants.sh. All is in build/generated/touched.

touched_home=$generated_home/touched

# Has the ordinary build make its judge, and what writes mutants.
build_ordinary() {
  local preset=${ordinary##*/} started=$SECONDS
  take_build_lock
  is_configured "$ordinary" || configure "$preset"
  # Its libclang may have come after it was configured.
  grep -qs '^build mutant_maker:' "$ordinary/build.ninja" || cmake "$ordinary" >"$root/build/configure-$preset.log" 2>&1 ||
    die "CMake could not configure $ordinary anew; the whole log: $root/build/configure-$preset.log"
  build "$preset" mutant_judge mutant_maker
  release_build_lock
  ((SECONDS - started < 20)) || milestone "build/$preset brought up to date in $(time_since "$started")"
}

# Reads how Ninja compiles what the judge consists of, by the source, and how it links the judge.
read_judge_commands() {
  local line
  declare -gA compilations=()
  link=''
  while IFS= read -r line; do
    if [[ $line =~ \ -c\ ([^ ]+\.c(pp|xx))$ ]]; then
      compilations[${BASH_REMATCH[1]}]=${line% -MD *}
    elif [[ $line == *' -o bin/mutant_judge '* ]]; then
      link=$line
    fi
  done < <(ninja -C "$ordinary" -t commands mutant_judge 2>/dev/null)
  [[ $link ]] || die "$ordinary does not say how it links its judge"
}

# unit_of FILE   what the ordinary build compiles it as: itself, or a file that joins several.
unit_of() {
  grep -lFs "\"$root/$1\"" "$ordinary"/CMakeFiles/*.dir/Unity/*.cxx || printf '%s\n' "$root/$1"
}

# compile_unit UNIT OBJECT   with the files that have mutants in the place of their own.
compile_unit() {
  local copy=$2.cpp command=${compilations[$1]-} file
  [[ $command ]] || { printf '%s is no part of %s\n' "$1" "$ordinary"; return 1; }
  cp -- "$1" "$copy" || return 1
  for file in "${files[@]}"; do
    if [[ $1 == "$root/$file" ]]; then
      cp -- "$touched_home/rewritten/$file" "$copy" || return 1
    else
      sed -i "s|\"$root/$file\"|\"$touched_home/rewritten/$file\"|" "$copy"
    fi
  done
  # Mutants compare signed with unsigned, and worse.
  (cd -- "$ordinary" && eval "$command -w -fno-lto -o '$2' -c '$copy'") 2>&1
}

# compile_touched   all units of the touched files, as many at once as the machine has cores.
compile_touched() {
  local unit number=0 bad=0
  for unit in "${units[@]}"; do
    number=$((number + 1))
    while (($(jobs -rp | wc -l) >= $(build_jobs))); do wait -n || bad=1; done
    compile_unit "$unit" "$touched_home/units/$number.o" >"$touched_home/units/$number.log" &
  done
  for ((; $(jobs -rp | wc -l);)); do wait -n || bad=1; done
  cat "$touched_home"/units/*.log
  return "$bad"
}

# build_touched LINES   $touched_home/bin/mutant_judge, with the mutants of the files in a list of lines.
build_touched() {
  local started=$SECONDS files units flags left_out=$touched_home/left_out.txt turn said link
  mapfile -t files < <(cut -f 1 "$1" | sort -u)
  build_ordinary
  started=$SECONDS
  rm -rf -- "$touched_home"/{rewritten,units}
  mkdir -p -- "$touched_home"/{bin,units} && : >"$left_out" || die "cannot write in $touched_home"
  read_judge_commands
  mapfile -t flags <"$ordinary/maker_flags.txt"
  mapfile -t units < <(for file in "${files[@]}"; do unit_of "$file"; done | sort -u)
  for turn in 1 2 3 4 5 6; do
    said=$(nice -n 5 "$ordinary/bin/mutant_maker" "$root" "$touched_home/rewritten" "$left_out" "${files[@]}" -- "${flags[@]}" 2>&1) ||
      die "mutants cannot be written: $said"
    if said=$(compile_touched); then
      (cd -- "$ordinary" && eval "${link%% -o bin/mutant_judge *} -o '$touched_home/bin/mutant_judge' $touched_home/units/*.o ${link#* -o bin/mutant_judge }") ||
        die 'the judge cannot be linked with the mutants of the change'
      milestone "built with mutants in $(time_since "$started"): ${files[*]}"
      return 0
    fi
    leave_out "$left_out" <<<"$said" || break
  done
  tail_of <(printf '%s\n' "$said") 15
  die 'the files of the change do not build with mutants'
}
