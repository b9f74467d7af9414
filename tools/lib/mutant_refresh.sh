# shellcheck shell=bash disable=SC2034,SC2154
# Carries mutants over a change of the sources; sourced by tools/mutants, after mutants.sh.
#
# A patch that no longer applies was made against some version of its file, the base: the blob that
# its `index` line names, else the newest in the history to which it applies. A three-way merge of
# the file in the working tree, the base, and the base with the patch is the mutant of today. A file
# that is not in the working tree is looked for where it was moved.
#
# All of this happens in a scratch folder; of the tree, only patches are written. In the scratch
# folder a/ holds the files of one mutant as the working tree has them, b/ the same with the fault.

conflict_home=$mutant_home/conflicts

refresh_git() { LC_ALL=C git -C "$root" -c core.quotePath=off "$@"; }

# Sets `versions`, for each path the blobs that were there, newest first, and `moved_to`, where it
# went last. The working tree counts as a commit on top, with what is not added yet.
read_history() {
  local shape=(--raw --no-abbrev --find-renames=40% -l0)
  local here=(-- . ':(exclude)scenarios' ':(exclude)tests')
  local index old new status path goal
  declare -gA versions=() moved_to=()
  index=$(refresh_git rev-parse --path-format=absolute --git-path index 2>"$scratch/log") ||
    die 'what the patches were made against is in the history of the tree:' "$(<"$scratch/log")"
  cp -- "$index" "$scratch/index" 2>/dev/null
  GIT_INDEX_FILE=$scratch/index refresh_git add --all . 2>"$scratch/log" || die "$(<"$scratch/log")"
  while IFS=$'\t' read -r status path goal; do
    read -r _ _ old new status <<<"$status"
    case $status in
      '') ;;
      D) versions[$path]+=" $old" ;;
      R*)
        versions[$path]+=" $old" versions[$goal]+=" $new"
        [[ ${moved_to[$path]-} ]] || moved_to[$path]=$goal
        ;;
      *) versions[$path]+=" $new $old" ;;
    esac
  done < <(
    GIT_INDEX_FILE=$scratch/index refresh_git diff --cached "${shape[@]}" HEAD "${here[@]}"
    refresh_git log -m --format= "${shape[@]}" "${here[@]}"
  )
}

# Writes what --rename says as a program for sed. A name is replaced where it is a whole word; an
# end that is no letter, like the slash of a folder, is its own bound.
write_renames() {
  local rename old new
  for rename in "${renames[@]}"; do
    old=$(sed 's|[][\.*^$/]|\\&|g' <<<"${rename%%=*}")
    new=$(sed 's|[\&/]|\\&|g' <<<"${rename#*=}")
    [[ $old == [[:alnum:]_]* ]] && old="\\<$old"
    [[ $old == *[[:alnum:]_] ]] && old="$old\\>"
    printf 's/%s/%s/g\n' "$old" "$new"
  done >"$scratch/renames"
}

# Takes a patch apart: `heading`, the lines before the first file, and for each file its path in
# `part_paths`, the base that is written down in `part_bases`, and $scratch/part.N.
split_patch() {
  local lines line number=-1 i base=''
  mapfile -t lines <"$(patch_of "$1")"
  heading=() part_paths=() part_bases=()
  rm -f -- "$scratch"/part.*
  for ((i = 0; i < ${#lines[@]}; i++)); do
    line=${lines[i]}
    if [[ $line == '--- a/'* && ${lines[i + 1]-} == '+++ b/'* ]]; then
      number=$((number + 1)) line=${line%%$'\t'*}
      part_paths+=("${line#--- a/}") part_bases+=("$base")
      base=''
    elif [[ $line =~ ^index\ ([0-9a-f]+)\.\. ]]; then
      base=${BASH_REMATCH[1]}
      continue
    elif [[ $line == 'diff --git '* ]]; then
      continue
    fi
    if ((number < 0)); then heading+=("$line"); else printf '%s\n' "$line" >>"$scratch/part.$number"; fi
  done
}

# find_base N   the version to which part N applies becomes $scratch/base, and with the part
# $scratch/patched.
find_base() {
  local path=${part_paths[$1]} blob candidates seen=' '
  if [[ $base_revision ]]; then
    candidates=$(refresh_git rev-parse --verify --quiet "$base_revision:$path")
  else
    candidates="${part_bases[$1]} ${versions[$path]-}"
  fi
  for blob in $candidates; do
    [[ $seen == *" $blob "* || $blob =~ ^0+$ ]] && continue
    seen+="$blob "
    if [[ ! -e $scratch/blobs/$blob ]]; then
      refresh_git cat-file blob "$blob" >"$scratch/blob" 2>/dev/null || continue
      mv -- "$scratch/blob" "$scratch/blobs/$blob"
    fi
    LC_ALL=C "${patch_exactly[@]}" --output="$scratch/patched" "$scratch/blobs/$blob" \
      <"$scratch/part.$1" >/dev/null 2>&1 || continue
    cp -- "$scratch/blobs/$blob" "$scratch/base"
    return 0
  done
  return 1
}

# Prints where the file of a path is in the working tree.
find_target() {
  local path=$1 renamed steps
  if [[ ! -f $root/$path && -s $scratch/renames ]]; then
    renamed=$(sed -f "$scratch/renames" <<<"$path")
    [[ -f $root/$renamed ]] && path=$renamed
  fi
  for ((steps = 0; steps < 50; steps++)); do
    [[ -f $root/$path ]] && printf '%s' "$path" && return 0
    path=${moved_to[$path]-}
    [[ $path ]] || return 1
  done
  return 1
}

# merge_part N   brings part N of a mutant into b/; says in `trouble` why it cannot.
merge_part() {
  local path=${part_paths[$1]} target side
  if ! find_base "$1"; then
    trouble="$path: it applies to no version of the file${base_revision:+ at $base_revision}"
    return 1
  fi
  if ! target=$(find_target "$path"); then
    trouble="$path: the file is gone"
    return 1
  fi
  if [[ -s $scratch/renames ]]; then
    for side in base patched; do sed -i -f "$scratch/renames" "$scratch/$side"; done
  fi
  if [[ ! -e $scratch/b/$target ]]; then
    mkdir -p -- "$scratch"/{a,b}/"$(dirname -- "$target")"
    cp -- "$root/$target" "$scratch/a/$target"
    cp -- "$root/$target" "$scratch/b/$target"
  fi
  if ! LC_ALL=C git merge-file --quiet -p --diff3 -L "$target" -L 'what the patch was made against' \
    -L 'with the patch' "$scratch/b/$target" "$scratch/base" "$scratch/patched" >"$scratch/merged"; then
    mkdir -p -- "$conflict_home/$name/$(dirname -- "$target")"
    cp -- "$scratch/merged" "$conflict_home/$name/$target"
    trouble=$target
    return 1
  fi
  mv -- "$scratch/merged" "$scratch/b/$target"
  [[ $target == "$path" ]] || target+=" (was $path)"
  [[ $places == *"$target"* ]] || places+=" $target"
}

# The difference between a/ and b/, whatever the configuration of git is.
diff_of_mutant() {
  (cd -- "$scratch" && LC_ALL=C GIT_DIR=/dev/null GIT_CONFIG_NOSYSTEM=1 GIT_CONFIG_GLOBAL=/dev/null \
    git diff --no-index --no-prefix --no-renames --full-index --unified=3 a b)
}

# refresh_mutant NAME   writes the patch anew and says in `places` for which files, or in `trouble`
# why it cannot.
refresh_mutant() {
  local name=$1 number
  trouble='' places=''
  rm -rf -- "$scratch"/{a,b}
  split_patch "$name"
  ((${#part_paths[@]})) || { trouble='it changes no file'; return 1; }
  for number in "${!part_paths[@]}"; do merge_part "$number" || return 1; done
  diff_of_mutant >"$scratch/diff"
  if [[ ! -s $scratch/diff ]]; then
    trouble="${part_paths[*]}: nothing is left of it, the sources do what it does"
    return 1
  fi
  { printf '%s\n' "${heading[@]}" && cat -- "$scratch/diff"; } >"$scratch/patch" &&
    cp -- "$scratch/patch" "$(patch_of "$name").new" && mv -- "$(patch_of "$name")"{.new,} ||
    die "cannot write $(patch_of "$name")"
}

refresh_mutants() {
  local name applied=0 refreshed=0 conflicts=0 trouble places heading part_paths part_bases
  scratch=$(mktemp -d) || die 'cannot make a scratch folder'
  trap 'rm -rf -- "$scratch"' EXIT
  mkdir -- "$scratch/blobs"
  rm -rf -- "$conflict_home"
  write_renames
  for name in "${mutants[@]}"; do
    if apply_patch "$name" "$root" --dry-run >/dev/null; then
      applied=$((applied + 1))
      continue
    fi
    ((refreshed + conflicts)) || read_history
    if refresh_mutant "$name"; then
      refreshed=$((refreshed + 1))
      printf 'refreshed %s:%s\n' "$name" "$places"
    else
      conflicts=$((conflicts + 1))
      printf 'CONFLICT  %s: %s\n' "$name" "$trouble"
    fi
  done
  printf '%d patches applied already, %d refreshed, %d in conflict\n' "$applied" "$refreshed" "$conflicts"
  [[ -d $conflict_home ]] && printf 'the files with the conflicts marked: %s\n' "${conflict_home#"$root/"}"
  ((conflicts == 0))
}
