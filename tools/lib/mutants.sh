# shellcheck shell=bash disable=SC2034,SC2154
# Builds mutants and has the scenarios judge them; sourced by tools/mutants. They are made in a copy
# of the sources, build/mutants/tree, with a build folder of its own that stays for the next time:
# file by file instead of joined, so that a mutant costs the compilation of what it touches.

mutant_home=$root/build/mutants
mutant_tree=$mutant_home/tree
mutant_build=$mutant_home/build
# What the program is built from, and the scenarios, which may be edited meanwhile.
mutant_sources=(CMakeLists.txt CMakePresets.json core netfakes sim tools schemas scenarios)

patch_of() { printf '%s/tests/mutants/%s.patch' "$root" "$1"; }

# A mutant is named by the rule that it breaks and by what it does: 2.10/cancels-nothing.
rule_of() { printf '%s' "${1%%/*}"; }

# Sets `mutants` to the names that match one of the globs; without globs to all.
choose_mutants() {
  local file name glob
  mutants=()
  for file in "$root"/tests/mutants/*/*.patch; do
    [[ -e $file ]] || continue
    name=${file#"$root/tests/mutants/"} name=${name%.patch}
    (($# == 0)) && mutants+=("$name")
    for glob in "$@"; do
      # shellcheck disable=SC2053
      [[ $name == $glob ]] && { mutants+=("$name"); break; }
    done
  done
  ((${#mutants[@]})) && mapfile -t mutants < <(printf '%s\n' "${mutants[@]}" | sort -V)
}

# Rule by rule, since they are in the order of their names.
list_mutants() {
  local name what rule=''
  for name in "${mutants[@]}"; do
    [[ $rule == "$(rule_of "$name")" ]] || { rule=$(rule_of "$name") && printf 'rule %s\n' "$rule"; }
    read -r what <"$(patch_of "$name")"
    printf '  %s\n      %s\n' "$name" "${what% (rule *}"
  done
}

# A folder for what only this process needs.
make_scratch() {
  [[ ${scratch-} ]] && return 0
  scratch=$(mktemp -d) || die 'cannot make a scratch folder'
  trap end_mutants EXIT
}

# Nothing that was begun goes on, and nothing is left.
end_mutants() {
  jobs -rp | xargs -r kill 2>/dev/null
  [[ ${scratch-} ]] && rm -rf -- "$scratch"
}

# The history of the tree. The index is one of our own, for `diff --cached` with what is in the working
# tree, also when nobody has added it.
tree_git() { LC_ALL=C GIT_INDEX_FILE=$scratch/index git -C "$root" -c core.quotePath=off "$@"; }

add_tree_to_scratch() {
  local index
  index=$(git -C "$root" rev-parse --path-format=absolute --git-path index 2>"$scratch/log") ||
    die 'this needs the history of the tree:' "$(<"$scratch/log")"
  cp -- "$index" "$scratch/index" 2>/dev/null
  tree_git add --all . 2>"$scratch/log" || die "$(<"$scratch/log")"
}

# Exactly or not at all: lines may have moved, not changed.
patch_exactly=(patch --fuzz=0 --batch --forward --no-backup-if-mismatch --reject-file=-)

# apply_patch NAME FOLDER [--dry-run]
apply_patch() {
  local name=$1 folder=$2
  shift 2
  LC_ALL=C "${patch_exactly[@]}" "$@" --strip=1 --directory="$folder" <"$(patch_of "$name")" 2>&1
}

files_of() { sed -n 's|^+++ b/\([^\t]*\).*|\1|p' "$(patch_of "$1")"; }

# Says which patches no longer apply, and which do not begin by saying what is wrong.
check_mutants() {
  local name said bad=0 what
  for name in "${mutants[@]}"; do
    if ! said=$(apply_patch "$name" "$root" --dry-run); then
      bad=$((bad + 1))
      printf 'DOES NOT APPLY %s\n' "$name"
      sed 's/^/    /' <<<"$said"
    fi
    read -r what <"$(patch_of "$name")"
    if [[ $what != *"(rule $(rule_of "$name"))" ]]; then
      bad=$((bad + 1))
      printf 'SAYS NOTHING %s: its first line must say what is wrong and end in (rule %s)\n' "$name" "$(rule_of "$name")"
    fi
  done
  ((bad == 0)) && printf '%d patches apply\n' "${#mutants[@]}" && return 0
  printf '%d of %d patches need attention; tools/mutants --refresh writes them anew\n' "$bad" "${#mutants[@]}"
  return 1
}

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

# build_mutant LOG   the program from what is in the copy.
build_mutant() {
  if [[ ! -r $mutant_build/build.ninja ]]; then
    LC_ALL=C cmake -S "$mutant_tree" -B "$mutant_build" -G Ninja -DCMAKE_BUILD_TYPE=Release \
      "-DCMAKE_CXX_FLAGS_RELEASE=-O1 -DNDEBUG" -DCMAKE_UNITY_BUILD=OFF -DPROVLAB_TESTS=OFF \
      -DPROVLAB_BENCHMARKS=OFF >"$1" 2>&1 || return 1
  fi
  LC_ALL=C nice -n 5 cmake --build "$mutant_build" --parallel "$(build_jobs)" --target provlab >"$1" 2>&1
}

# judge_program PROGRAM   what the library says of it, in a line: `caught by ...` or `SURVIVED`.
judge_program() {
  local program=$1 said=$1.said status baseline first='' more=0 line
  (cd -- "$mutant_tree" && timeout "$time_limit" nice -n 5 "$program" run scenarios --shard 1/1) >"$said" 2>/dev/null
  status=$?
  while IFS= read -r line; do
    [[ $line =~ ^(FAILED|INVALID|BROKEN)\ +([^ ]+) ]] || continue
    if [[ ! $first ]]; then first=${BASH_REMATCH[2]}; else more=$((more + 1)); fi
  done < <(LC_ALL=C grep -aE '^(FAILED|INVALID|BROKEN) ' "$said" | tr -d '\0')
  rm -f -- "$said"
  if ((status == 124)); then
    printf 'caught by the time limit of %d s' "$time_limit"
  elif [[ $first ]]; then
    printf 'caught by scenario %s' "$first"
    ((more)) && printf ' (and %d more)' "$more"
  elif ((status > 128)); then
    printf 'caught by a crash, signal %d' $((status - 128))
  elif ((status)); then
    printf 'caught by the exit code %d of the whole library' "$status"
  else
    while IFS= read -r -d '' baseline; do
      (cd -- "$mutant_tree" && timeout "$((2 * time_limit))" nice -n 5 "$program" explore \
        "${baseline%.outcomes}.xml" --baseline "$baseline" >/dev/null 2>&1) && continue
      baseline=${baseline##*/}
      printf 'caught by exploring %s' "${baseline%.outcomes}"
      return
    done < <(cd -- "$mutant_tree" && find scenarios -name '*.outcomes' -print0)
    printf 'SURVIVED'
  fi
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
  fi
}

# Reports what has been judged by now, in the order of the mutants.
report_what_is_done() {
  while ((reported < ${#mutants[@]})) && [[ -s $mutant_home/verdicts/${mutants[reported]} ]]; do
    report "${mutants[reported]}"
    reported=$((reported + 1))
  done
}

# make_mutant NAME   builds it as build/mutants/programs/NAME and takes the change back, to what was
# copied at the start: the sources may be edited meanwhile.
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

run_mutants() {
  local began=$SECONDS name caught=0 reported=0 built=0 verdict
  mkdir -p -- "$mutant_home" || die "cannot write in $root/build"
  exec {mutant_lock}>"$mutant_home/.lock"
  flock --nonblock "$mutant_lock" || die 'another tools/mutants is at work in this tree'
  check_mutants >"$mutant_home/check.log" || grep '^DOES' "$mutant_home/check.log" >&2
  rm -rf -- "$mutant_home"/{verdicts,programs,logs}
  for name in "${mutants[@]}"; do
    mkdir -p -- "$mutant_home"/{verdicts,programs,logs}/"$(rule_of "$name")" || die "cannot write in $mutant_home"
  done
  install_missing_packages "${build_packages[@]}" patch
  copy_sources
  milestone 'building the program without a fault; what is built already is used again'
  if ! build_mutant "$mutant_home/build.log"; then
    tail_of "$mutant_home/build.log" 15
    die "the sources do not build; the whole log: $mutant_home/build.log"
  fi
  milestone "built in $(time_since "$began")"
  time_limit=600
  local start=$SECONDS
  verdict=$(judge_program "$mutant_build/bin/provlab")
  [[ $verdict == SURVIVED ]] || die "the library does not pass without a mutant: ${verdict#caught }"
  # Ten times what the library and its explorations take, for machines that are busy.
  time_limit=$((10 * (SECONDS - start) + 60))
  began=$SECONDS
  trap end_mutants EXIT
  for name in "${mutants[@]}"; do
    progress "[$((built + 1))/${#mutants[@]}] $name"
    built=$((built + 1))
    make_mutant "$name" || { report_what_is_done; continue; }
    while (($(jobs -rp | wc -l) >= ${jobs:-$(nproc)})); do
      wait -n
      report_what_is_done
    done
    {
      judge_program "$mutant_home/programs/$name" >"$mutant_home/verdicts/$name.new"
      mv -- "$mutant_home/verdicts/$name.new" "$mutant_home/verdicts/$name"
      rm -f -- "$mutant_home/programs/$name"
    } &
    report_what_is_done
  done
  wait
  report_what_is_done
  milestone "$(((SECONDS - began) / ${#mutants[@]})) s a mutant, $(time_since "$began") in all"
  printf 'caught/total: %d/%d\n' "$caught" "${#mutants[@]}"
  ((caught == ${#mutants[@]}))
}
