# shellcheck shell=bash disable=SC2034,SC2154
# Runs clang-tidy over the project's own files; sourced by tools/check, which counts the results.

# run_tidy [FILE...]   a file counts as one check. Its own build folder, because clang cannot read
# the compiler's precompiled headers.
run_tidy() {
  local folder=$root/build/tidy log=$root/build/tidy.log file name count=0 started=$SECONDS
  configure release -B build/tidy -DCMAKE_DISABLE_PRECOMPILE_HEADERS=ON
  release_build_lock
  local files=()
  if (($#)); then
    for file in "$@"; do files+=("$(readlink -f -- "$file")"); done
  else
    mapfile -t files < <(sed -n 's/^ *"file": "\(.*\)",\{0,1\}$/\1/p' "$folder/compile_commands.json" | sort)
  fi
  : >"$log" || die "cannot write $log"
  rm -rf -- "$folder/tidy" && mkdir -p -- "$folder/tidy" || die "cannot write $folder/tidy"
  progress "clang-tidy: ${#files[@]} files"
  while IFS=$'\t' read -r status name; do
    count=$((count + 1))
    if [[ $status == 0 ]]; then
      passed=$((passed + 1))
    else
      failed=$((failed + 1)) failed_names+=("${name#"$root"/}")
      end_progress
      cat -- "$folder/tidy/${name//\//_}" | tee -a "$log" | sed "s|$root/||" >&2
    fi
    progress "clang-tidy [$count/${#files[@]}] ${name#"$root"/}"
  done < <(printf '%s\0' "${files[@]}" |
    xargs -0 -P "$(build_jobs)" -n 1 bash -c '
      out=$0/tidy/${1//\//_}
      clang-tidy-19 -p "$0" --quiet --extra-arg=-Wno-unknown-warning-option "$1" >"$out" 2>/dev/null
      printf "%d\t%s\n" $? "$1"' "$folder")
  end_progress
  milestone "clang-tidy: $count files in $(time_since "$started")"
}
