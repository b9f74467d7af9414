# shellcheck shell=bash disable=SC2034,SC2154
# Builds patches and has the scenarios judge them; sourced by tools/mutants, after mutants.sh. The
# program without a fault is built once, in a copy of the sources, build/mutants/tree: the core file
# by file, all else joined. Then a patch costs the compilation of the files that it changes, and a
# link in which their objects stand before the libraries. Patches of headers, and those that do not
# link this way, are built as a whole afterwards, in the same copy.

mutant_home=$root/build/mutants
mutant_tree=$mutant_home/tree
mutant_build=$mutant_home/build
faultless_program=$mutant_home/provlab
# What the program is built from, and the scenarios, which may be edited meanwhile.
mutant_sources=(CMakeLists.txt CMakePresets.json core netfakes sim tools schemas scenarios)

# Brings the copy in line with the sources, touching only what differs.
copy_sources() {
  local file
  mkdir -p -- "$mutant_tree" || die "cannot write in $mutant_home"
  while IFS= read -r -d '' file; do
    cmp -s -- "$root/$file" "$mutant_tree/$file" && continue
    mkdir -p -- "$mutant_tree/$(dirname -- "$file")" &&
      cp -- "$root/$file" "$mutant_tree/$file" || die "cannot write $mutant_tree/$file"
  done < <(cd -- "$root" && find "${mutant_sources[@]}" -type f -print0)
  while IFS= read -r -d '' file; do
    [[ -e $root/$file ]] || rm -f -- "$mutant_tree/$file"
  done < <(cd -- "$mutant_tree" && find . -type f -print0)
}

# Verdicts of an interrupted call stay where sources, scenarios and patch are the same.
forget_old_verdicts() {
  local name verdict known=$mutant_home/verdicts/.sources sources
  sources=$(cd -- "$mutant_tree" && find . -type f -print0 | sort -z | xargs -0 sha256sum | sha256sum)
  [[ -r $known && $(<"$known") == "$sources" ]] || rm -rf -- "$mutant_home"/{verdicts,noticed}
  rm -rf -- "$mutant_home"/{programs,logs,changed}
  mkdir -p -- "$mutant_home/verdicts" && printf '%s\n' "$sources" >"$known" || die "cannot write in $mutant_home"
  for name in "${mutants[@]}"; do
    mkdir -p -- "$mutant_home"/{verdicts,noticed,programs,logs}/"$(rule_of "$name")" || die "cannot write in $mutant_home"
    verdict=$mutant_home/verdicts/$name
    [[ $write && -s $verdict && $(<"$verdict") == SURVIVED ]] && rm -f -- "$verdict"
    [[ -s $verdict && ! $(patch_of "$name") -nt $verdict && $(<"$verdict") != 'DOES NOT'* ]] && continue
    rm -f -- "$verdict"
    open+=("$name")
  done
}

# build_mutant LOG   the program from what is in the copy.
build_mutant() {
  if [[ ! -r $mutant_build/build.ninja ]]; then
    LC_ALL=C cmake -S "$mutant_tree" -B "$mutant_build" -G Ninja -DCMAKE_BUILD_TYPE=Release \
      "-DCMAKE_CXX_FLAGS_RELEASE=-O1 -DNDEBUG" -DCMAKE_UNITY_BUILD=ON -DCMAKE_UNITY_BUILD_BATCH_SIZE=8 \
      -DPROVLAB_CORE_APART=ON -DPROVLAB_TESTS=OFF -DPROVLAB_BENCHMARKS=OFF >"$1" 2>&1 || return 1
  fi
  LC_ALL=C nice -n 5 cmake --build "$mutant_build" --parallel "$(build_jobs)" --target provlab >"$1" 2>&1
}

# Reads how Ninja compiles the files of the core and links the program.
read_commands() {
  local line
  declare -gA compilations=()
  link=''
  while IFS= read -r line; do
    if [[ $line =~ \ -c\ "$mutant_tree/"(core/[^ ]+\.cpp)$ ]]; then
      compilations[${BASH_REMATCH[1]}]=${line% -MD *}
    elif [[ $line == *' -o bin/provlab '* ]]; then
      link=$line
    fi
  done < <(ninja -C "$mutant_build" -t commands provlab 2>/dev/null)
  gold=''
  command -v ld.gold >/dev/null && gold=-fuse-ld=gold
}

# compile_patch NAME   build/mutants/programs/NAME, from the objects of what the patch changes and those
# of the program without a fault. Fails where that is not the whole of it.
compile_patch() {
  local name=$1 changed=$mutant_home/changed/$1 log=$mutant_home/logs/$1.log file objects=''
  while IFS= read -r file; do
    [[ ${compilations[$file]-} && -e $mutant_tree/$file ]] || return 1
    mkdir -p -- "$(dirname -- "$changed/$file")" && cp -- "$mutant_tree/$file" "$changed/$file" || return 1
  done < <(files_of "$name")
  [[ $link ]] && apply_patch "$name" "$changed" >"$log" || return 1
  while IFS= read -r file; do
    (cd -- "$mutant_build" && eval "${compilations[$file]} -o '$changed/$file.o' -c '$changed/$file'") >>"$log" 2>&1 || return 1
    objects+=" '$changed/$file.o'"
  done < <(files_of "$name")
  (cd -- "$mutant_build" && eval "${link%% -o bin/provlab *} $gold -o '$mutant_home/programs/$name'$objects ${link#* -o bin/provlab }") >>"$log" 2>&1 || return 1
  rm -rf -- "$changed" "$log"
}

# make_mutant NAME   builds it in the copy, and takes the change back, to what was copied at the start:
# the sources may be edited meanwhile.
make_mutant() {
  local name=$1 file made=1 kept=$mutant_home/kept
  rm -rf -- "$kept"
  while IFS= read -r file; do
    mkdir -p -- "$kept/$(dirname -- "$file")"
    cp -- "$mutant_tree/$file" "$kept/$file"
  done < <(files_of "$name")
  if ! apply_patch "$name" "$mutant_tree" >"$mutant_home/patch.log"; then
    printf 'DOES NOT APPLY' >"$mutant_home/verdicts/$name"
    made=0
  elif ! build_mutant "$mutant_home/logs/$name.log"; then
    printf 'DOES NOT BUILD' >"$mutant_home/verdicts/$name"
    grep -m 3 'error: ' "$mutant_home/logs/$name.log" | sed 's/^/  | /' >&2
    made=0
  else
    rm -f -- "$mutant_home/logs/$name.log"
    cp -- "$mutant_build/bin/provlab" "$mutant_home/programs/$name" || die "cannot write in $mutant_home"
  fi
  while IFS= read -r file; do
    cmp -s -- "$kept/$file" "$mutant_tree/$file" || cp -- "$kept/$file" "$mutant_tree/$file"
  done < <(files_of "$name")
  ((made))
}

# run_scenarios PROGRAM FILE...   what they say of it, in a line: `caught by ...`, or nothing. Those that
# notice it are kept for noticed_by_patches.
run_scenarios() {
  local program=$1 said=$1.said status first='' more=0 line names=()
  shift
  (cd -- "$mutant_tree" && timeout "$time_limit" nice -n 5 "$program" run "$@" --shard 1/1) >"$said" 2>/dev/null
  status=$?
  while IFS= read -r line; do
    [[ $line =~ ^(FAILED|INVALID|BROKEN)\ +([^ ]+) ]] || continue
    names+=("${BASH_REMATCH[2]}")
    if [[ ! $first ]]; then first=${BASH_REMATCH[2]}; else more=$((more + 1)); fi
  done < <(LC_ALL=C grep -aE '^(FAILED|INVALID|BROKEN) ' "$said" | tr -d '\0')
  rm -f -- "$said"
  # After a crash or for ever most of them were not asked.
  [[ $program == "$mutant_home/programs/"* ]] && ((status == 0 || status == 1)) &&
    printf '%s\n' "${names[@]}" | sort -u >"$mutant_home/noticed/${program#"$mutant_home/programs/"}"
  if ((status == 124)); then
    printf 'caught by the time limit of %d s' "$time_limit"
  elif [[ $first ]]; then
    printf 'caught by scenario %s' "$first"
    ((more)) && printf ' (and %d more)' "$more"
  elif ((status > 128)); then
    printf 'caught by a crash, signal %d' $((status - 128))
  elif ((status)); then
    printf 'caught by the exit code %d of the library' "$status"
  fi
}

# judge_program PROGRAM RULE   what the library says of it, in a line: `caught by ...` or `SURVIVED`.
# First the scenarios that cover the rule are asked, which nearly always suffices; then all, and the
# explorations that come out as recorded without a mutant.
judge_program() {
  local program=$1 verdict='' baseline files explored
  mapfile -t files < <(cd -- "$mutant_tree" && grep -rlE --include='*.xml' --exclude-dir=interop \
    " rules=\"([^\"]* )?${2//./\\.}( [^\"]*)?\"" scenarios 2>/dev/null | sort)
  ((${#files[@]})) && verdict=$(run_scenarios "$program" "${files[@]}")
  [[ $verdict ]] || verdict=$(run_scenarios "$program" scenarios)
  if [[ ! $verdict ]]; then
    while IFS= read -r -d '' baseline; do
      explored=(explore "${baseline%.outcomes}.xml" --baseline "$baseline")
      (cd -- "$mutant_tree" && timeout "$((2 * time_limit))" nice -n 5 "$program" "${explored[@]}" >/dev/null 2>&1) && continue
      (cd -- "$mutant_tree" && nice -n 5 "$faultless_program" "${explored[@]}" >/dev/null 2>&1) || continue
      baseline=${baseline##*/}
      verdict="caught by exploring ${baseline%.outcomes}"
      break
    done < <(cd -- "$mutant_tree" && find scenarios -name '*.outcomes' -print0)
  fi
  printf '%s' "${verdict:-SURVIVED}"
}

# Prints a line with patch and scenario for each that notices one; fails where nothing is known. It is
# enough that the scenarios of the patch's rule were asked: who covers one of them has that rule too.
noticed_by_patches() {
  local file line
  for file in "$mutant_home"/noticed/*/*; do
    [[ -s $file ]] || continue
    while IFS= read -r line; do
      [[ $line ]] && printf '%s\t%s\n' "${file#"$mutant_home/noticed/"}" "$line"
    done <"$file"
  done | grep .
}

# judge_mutant NAME   keeps the verdict on its program.
judge_mutant() {
  judge_program "$mutant_home/programs/$1" "$(rule_of "$1")" >"$mutant_home/verdicts/$1.new"
  [[ $write && $(<"$mutant_home/verdicts/$1.new") == SURVIVED ]] &&
    write_scenario "$1" "$faultless_program" "$mutant_home/programs/$1"
  mv -- "$mutant_home/verdicts/$1.new" "$mutant_home/verdicts/$1"
  rm -f -- "$mutant_home/programs/$1"
}

# report NAME   prints the verdict of a mutant and counts it.
report() {
  local name=$1 verdict
  verdict=$(<"$mutant_home/verdicts/$name")
  end_progress
  if [[ $verdict == caught* ]]; then
    caught=$((caught + 1))
    printf 'caught    %s %s\n' "$name" "${verdict#caught }"
  else
    printf '%-9s %s\n' "$verdict" "$name"
    [[ $write && $verdict == SURVIVED ]] && tell_written "$name"
  fi
}

# Reports what has been judged by now and has not been told.
report_what_is_done() {
  local name
  for name in "${mutants[@]}"; do
    [[ ${told[$name]-} || ! -s $mutant_home/verdicts/$name ]] && continue
    report "$name"
    told[$name]=1
  done
}

wait_for_a_job() {
  while (($(jobs -rp | wc -l) >= ${jobs:-$(nproc)})); do
    wait -n
    report_what_is_done
  done
}

# How many were caught, by rule and by room.
print_patch_tables() {
  local name verdict room
  for name in "${mutants[@]}"; do
    verdict=$(<"$mutant_home/verdicts/$name")
    while IFS= read -r room; do
      printf '%s\t%s\t%d\n' room "$room" "$([[ $verdict == caught* ]] && echo 1)"
    done < <(files_of "$name" | sed 's|/[^/]*$||' | sort -u)
    printf '%s\t%s\t%d\n' rule "$(rule_of "$name")" "$([[ $verdict == caught* ]] && echo 1)"
  done | awk -F '\t' '
    !($1 FS $2 in all) { order[++count] = $1 FS $2 }
    { all[$1 FS $2]++; caught[$1 FS $2] += $3 }
    END {
      for (i = 1; i <= count; i++) {
        split(order[i], key, FS)
        printf "%s\t%-16s %8d %8d %9d\n", key[1], key[2], all[order[i]], caught[order[i]], all[order[i]] - caught[order[i]]
      }
    }' | sort -V | awk -F '\t' '
    $1 != before { printf "%s%-16s %8s %8s %9s\n", before ? "\n" : "", $1, "patches", "caught", "survived"; before = $1 }
    { print $2 }
    END { print "" }'
}

# Without a fault the library has to pass.
prepare_judging() {
  local verdict start
  milestone 'building the program without a fault; what is built already is used again'
  if ! build_mutant "$mutant_home/build.log"; then
    tail_of "$mutant_home/build.log" 15
    die "the sources do not build; the whole log: $mutant_home/build.log"
  fi
  milestone "built in $(time_since "$began")"
  cp -- "$mutant_build/bin/provlab" "$faultless_program" || die "cannot write in $mutant_home"
  time_limit=600
  start=$SECONDS
  verdict=$(run_scenarios "$faultless_program" scenarios)
  [[ ! $verdict ]] || die "the library does not pass without a mutant: ${verdict#caught }"
  # Ten times what the library takes, for machines that are busy.
  time_limit=$((10 * (SECONDS - start) + 60))
  read_commands
}

run_mutants() {
  local began=$SECONDS name caught=0 built=0 open=() link gold time_limit
  local -A told=()
  mkdir -p -- "$mutant_home" || die "cannot write in $root/build"
  exec {mutant_lock}>"$mutant_home/.lock"
  flock --nonblock "$mutant_lock" || die 'another tools/mutants is at work in this tree'
  check_mutants >"$mutant_home/check.log" || grep '^DOES' "$mutant_home/check.log" >&2
  install_missing_packages "${build_packages[@]}" patch
  copy_sources
  forget_old_verdicts
  ((${#open[@]} == 0)) || prepare_judging
  began=$SECONDS
  trap end_mutants EXIT
  for name in "${open[@]}"; do
    progress "[$((built + 1))/${#open[@]}] $name"
    built=$((built + 1))
    wait_for_a_job
    { compile_patch "$name" && judge_mutant "$name"; } &
    report_what_is_done
  done
  wait
  for name in "${open[@]}"; do
    [[ -s $mutant_home/verdicts/$name ]] && continue
    progress "as a whole: $name"
    make_mutant "$name" || { report_what_is_done; continue; }
    wait_for_a_job
    judge_mutant "$name" &
    report_what_is_done
  done
  wait
  report_what_is_done
  ((${#open[@]})) && milestone "${#open[@]} patches in $(time_since "$began"), $((${#mutants[@]} - ${#open[@]})) judged before"
  print_patch_tables
  printf 'caught/total: %d/%d\n' "$caught" "${#mutants[@]}"
  ((caught == ${#mutants[@]}))
}
