# shellcheck shell=bash disable=SC2154
# Scenarios that notice survivors: `provlab soak --against` the mutant; sourced by tools/mutants.

# written_folder NAME   where they are: one file, or none.
written_folder() { printf '%s/build/mutants/written/%s' "$root" "${1//:/.}"; }

# write_scenario NAME FAULTLESS PROGRAM   lets the two play scenarios made by chance until they differ.
write_scenario() {
  local folder
  folder=$(written_folder "$1")
  rm -rf -- "$folder" "$folder.log"
  mkdir -p -- "$folder" || die "cannot write in $root/build"
  nice -n 5 "$2" soak --against "$3" --for "$write_time" --jobs 1 --out "$folder" >"$folder.log" 2>&1
}

# tell_written NAME   a line about what came of it.
tell_written() {
  local file
  for file in "$(written_folder "$1")"/*.xml; do
    if [[ -e $file ]]; then
      printf '  written: %s, to be looked over and named\n' "${file#"$root/"}"
    else
      printf '  not written: in %s nothing tells it from the program without a fault\n' "$write_time"
    fi
  done
}

# write_for_one_generated NAME   The program has all generated mutants, and a variable turns one on.
write_for_one_generated() {
  local number program
  program=$(written_folder "$1").program
  number=$(awk -F '\t' -v name="$1" '$2 == name { print $1 }' "$generated_home/rewritten/mutants.tsv")
  {
    mkdir -p -- "${program%/*}" &&
      printf '#!/bin/sh\nPROVLAB_MUTANT=%s exec %q "$@"\n' "$number" "$generated_home/bin/provlab" >"$program" &&
      chmod +x "$program"
  } || die "cannot write in $root/build"
  write_scenario "$1" "$generated_home/bin/provlab" "$program"
}

# write_for_generated   the same for generated mutants that survive, explained or not, as many at once
# as are judged.
write_for_generated() {
  local name names running=0 written=0 file
  mapfile -t names < <(sed -n 's/^SURVIVED //p' "$generated_home/survivors.txt")
  for name in "${names[@]}"; do
    if ((running >= ${jobs:-$(nproc)})); then
      wait -n
      running=$((running - 1))
    fi
    write_for_one_generated "$name" &
    running=$((running + 1))
  done
  wait
  for name in "${names[@]}"; do
    printf '%s\n' "$name"
    tell_written "$name"
    for file in "$(written_folder "$name")"/*.xml; do [[ -e $file ]] && written=$((written + 1)); done
  done
  printf 'written: %d of %d\n' "$written" "${#names[@]}"
}
