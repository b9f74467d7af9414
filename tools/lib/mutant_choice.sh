# shellcheck shell=bash disable=SC2034,SC2154
# Chooses the mutants whose code a change touches; sourced by tools/mutants, after mutants.sh.

# Sets `touched`: for each file that differs from a revision, the lines of the functions that do, as
# "7-9 20-31". A line in the hunk of a patch cannot differ unless the patch does, a line beside it can.
# Where lines between functions were taken away the two beside are touched. A file that is gone has
# the lines "gone".
read_touched_lines() {
  local path lines
  declare -gA touched=()
  while IFS=$'\t' read -r path lines; do
    touched[$path]+=" $lines"
  done < <(
    tree_git diff --cached --unified=0 --function-context --find-renames=40% -l0 --no-color --no-ext-diff --no-textconv \
      --src-prefix=a/ --dst-prefix=b/ "$1" -- . ':(exclude)scenarios' | LC_ALL=C awk '
      taken > 0 || given > 0 {
        if (!/^[+\\]/) taken--
        if (!/^[-\\]/) given--
        next
      }
      /^rename from / { print substr($0, 13) "\tgone" }
      /^--- a\// { old = substr($0, 7) }
      /^\+\+\+ / { path = substr($0, 7); if ($0 == "+++ /dev/null") print old "\tgone" }
      /^@@ / {
        split(substr($2, 2), before, ","); split(substr($3, 2), after, ",")
        taken = before[2] == "" ? 1 : before[2]; given = after[2] == "" ? 1 : after[2]
        if (path != "") print path "\t" after[1] "-" after[1] + (given ? given - 1 : 1)
      }'
  )
}

# touches FILE FIRST LAST   prints the first of these lines that is touched.
touches() {
  local range first last
  for range in ${touched[$1]-}; do
    [[ $range == gone ]] && continue
    first=${range%-*} last=${range#*-}
    ((first <= $3 && last >= $2)) && printf '%d' "$((first > $2 ? first : $2))" && return 0
  done
  return 1
}

# Prints for each hunk of a mutant its file and the first and last line that it finds, in the working
# tree; nothing when the patch does not apply.
hunks_of() {
  local said line file='' number=0 i=0 start count
  local -A moved=()
  said=$(apply_patch "$1" "$root" --dry-run) || return 1
  while IFS= read -r line; do
    [[ $line == 'checking file '* ]] && file=${line#checking file }
    [[ $line =~ ^Hunk\ \#([0-9]+)\ .*\(offset\ (-?[0-9]+)\  ]] && moved[$file ${BASH_REMATCH[1]}]=${BASH_REMATCH[2]}
  done <<<"$said"
  while IFS= read -r line; do
    if [[ $line == '+++ b/'* ]]; then
      file=${line#+++ b/} file=${file%%$'\t'*} number=0
    elif [[ $line =~ ^@@\ -([0-9]+)(,([0-9]+))?\  ]]; then
      number=$((number + 1))
      start=${BASH_REMATCH[1]} count=${BASH_REMATCH[3]:-1}
      start=$((start + ${moved[$file $number]-0}))
      printf '%s\t%d\t%d\n' "$file" "$start" "$((start + count - 1))"
    fi
  done <"$(patch_of "$1")"
}

# why_touched NAME   prints why a change concerns a mutant, or fails.
why_touched() {
  local file first last line hunks concerned=''
  if [[ ${touched[tests/mutants/$1.patch]-} ]]; then
    printf 'its patch differs'
    return 0
  fi
  while IFS= read -r file; do
    [[ ${touched[$file]-} ]] && concerned=1
  done < <(files_of "$1")
  [[ $concerned ]] || return 1
  if ! hunks=$(hunks_of "$1"); then
    printf 'it no longer applies'
    return 0
  fi
  while IFS=$'\t' read -r file first last; do
    line=$(touches "$file" "$first" "$last") && printf '%s:%d is in a function that differs' "$file" "$line" && return 0
  done <<<"$hunks"
  return 1
}

# choose_touched_mutants REV   leaves in `mutants` those whose function or patch differs from a revision.
choose_touched_mutants() {
  local name why chosen=()
  make_scratch
  tree_git rev-parse --verify --quiet "$1^{tree}" >/dev/null || {
    printf 'mutants: --diff %s: the tree has no such revision\n' "$1" >&2
    exit 2
  }
  add_tree_to_scratch
  read_touched_lines "$1"
  for name in "${mutants[@]}"; do
    why=$(why_touched "$name") || continue
    chosen+=("$name")
    printf 'touched   %s: %s\n' "$name" "$why"
  done
  printf '%d of %d mutants are touched by what differs from %s\n' "${#chosen[@]}" "${#mutants[@]}" "$1"
  mutants=("${chosen[@]}")
}
