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

# write_for_generated   the same for generated mutants that nobody has explained. The program has them
# all, and a variable turns one on.
write_for_generated() {
  local word name number program=$generated_home/mutant
  while read -r word name; do
    [[ $word == SURVIVED ]] || continue
    number=$(awk -F '\t' -v name="$name" '$2 == name { print $1 }' "$generated_home/rewritten/mutants.tsv")
    [[ $number ]] || continue
    printf '#!/bin/sh\nPROVLAB_MUTANT=%s exec %q "$@"\n' "$number" "$generated_home/bin/provlab" >"$program" && chmod +x "$program" ||
      die "cannot write in $generated_home"
    write_scenario "$name" "$generated_home/bin/provlab" "$program"
    printf '%s\n' "$name"
    tell_written "$name"
  done <"$generated_home/survivors.txt"
}
