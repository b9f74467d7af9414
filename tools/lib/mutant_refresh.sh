# shellcheck shell=bash disable=SC2034,SC2154
# Carries mutants over a change of the sources; sourced by tools/mutants, after mutants.sh.
#
# A patch that no longer applies was made against some version of its file, the base: the blob that
# its `index` line names, else the newest in the history to which it applies. A three-way merge of
# the file in the working tree, the base, and the base with the patch is the mutant of today. It goes
# hunk by hunk, each as far down this list as it must:
# 1. The file is merged line by line; a file that is not there any more, where it was moved.
# 2. Few lines that both changed are merged word by word: the fault is in one of them, a new name in
#    another.
# 3. The same with the base and the patched file formatted, where names of another length have made
#    lines break elsewhere.
# 4. The same in the one other file that holds the longest line of the hunk, where code was moved.
# What went further than the first is reported with the words `look at it`.
#
# All of this happens in a scratch folder; of the tree, only patches are written. In the scratch
# folder a/ holds the files of one mutant as the working tree has them, b/ the same with the fault.

conflict_home=$mutant_home/conflicts

# Sets `versions`, for each path the blobs that were there, newest first, and `moved_to`, where it
# went last. The working tree counts as a commit on top, with what is not added yet.
read_history() {
  local shape=(--raw --no-abbrev --find-renames=40% -l0)
  local here=(-- . ':(exclude)scenarios' ':(exclude)tests')
  local old new status path goal
  declare -gA versions=() moved_to=()
  add_tree_to_scratch
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
    tree_git diff --cached "${shape[@]}" HEAD "${here[@]}"
    tree_git log -m --format= "${shape[@]}" "${here[@]}"
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

# Takes a patch apart: `heading`, the lines before the first file, and for each hunk the path of its
# file in `part_paths`, the base that is written down in `part_bases`, and $scratch/part.N.
split_patch() {
  local lines line number=-1 i path='' base=''
  mapfile -t lines <"$(patch_of "$1")"
  heading=() part_paths=() part_bases=()
  rm -f -- "$scratch"/part.*
  for ((i = 0; i < ${#lines[@]}; i++)); do
    line=${lines[i]}
    if [[ $line == 'diff --git '* ]]; then
      base=''
    elif [[ $line =~ ^index\ ([0-9a-f]+)\.\. ]]; then
      base=${BASH_REMATCH[1]}
    elif [[ $line == '--- a/'* && ${lines[i + 1]-} == '+++ b/'* ]]; then
      path=${line%%$'\t'*} path=${path#--- a/}
      i=$((i + 1))
    elif [[ ! $path ]]; then
      heading+=("$line")
    else
      if [[ $line == '@@ '* ]]; then
        number=$((number + 1))
        part_paths+=("$path") part_bases+=("$base")
        printf -- '--- a/%s\n+++ b/%s\n' "$path" "$path" >"$scratch/part.$number"
      fi
      printf '%s\n' "$line" >>"$scratch/part.$number"
    fi
  done
}

# find_base N   the version to which part N applies becomes $scratch/base, and with the part
# $scratch/patched.
find_base() {
  local path=${part_paths[$1]} blob candidates seen=' '
  if [[ $base_revision ]]; then
    candidates=$(tree_git rev-parse --verify --quiet "$base_revision:$path")
  else
    candidates="${part_bases[$1]} ${versions[$path]-}"
  fi
  for blob in $candidates; do
    [[ $seen == *" $blob "* || $blob =~ ^0+$ ]] && continue
    seen+="$blob "
    if [[ ! -e $scratch/blobs/$blob ]]; then
      tree_git cat-file blob "$blob" >"$scratch/blob" 2>/dev/null || continue
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

# The words of a text, one a line; the end of a line is a word too.
words_of() {
  LC_ALL=C awk '{
    while (match($0, /^([A-Za-z0-9_]+|[ \t]+|.)/)) { print substr($0, 1, RLENGTH); $0 = substr($0, RLENGTH + 1) }
    print "\001"
  }'
}

text_of_words() { LC_ALL=C awk '$0 == "\001" { print line; line = ""; next } { line = line $0 }'; }

ours_label='the working tree' base_label='what the patch was made against' theirs_label='with the patch'

# Merges what is between the marks of $scratch/merged word by word, and fails where that is not
# possible. Many lines are no place for it: commas and braces would be taken for each other's.
merge_words() {
  local line side='' ours base='' theirs
  : >"$scratch/merged.new"
  while IFS= read -r line; do
    case $line in
      "<<<<<<< $ours_label") side=ours ours='' base='' theirs='' ;;
      "||||||| $base_label") side=base ;;
      =======) side=theirs ;;
      ">>>>>>> $theirs_label")
        side=''
        (($(wc -l <<<"$base") <= 20)) || return 1
        printf '%s' "$ours" | words_of >"$scratch/ours.words"
        printf '%s' "$base" | words_of >"$scratch/base.words"
        printf '%s' "$theirs" | words_of >"$scratch/theirs.words"
        git merge-file --quiet -p "$scratch"/{ours,base,theirs}.words >"$scratch/merged.words" || return 1
        text_of_words <"$scratch/merged.words" >>"$scratch/merged.new"
        ;;
      *)
        case $side in
          ours) ours+=$line$'\n' ;;
          base) base+=$line$'\n' ;;
          theirs) theirs+=$line$'\n' ;;
          *) printf '%s\n' "$line" >>"$scratch/merged.new" ;;
        esac
        ;;
    esac
  done <"$scratch/merged"
  [[ $base ]] || return 1
  mv -- "$scratch/merged.new" "$scratch/merged"
  doubtful=1
}

# merge_file FILE   makes $scratch/merged of it, $scratch/base and $scratch/patched.
merge_file() {
  LC_ALL=C git merge-file --quiet -p --diff3 -L "$ours_label" -L "$base_label" -L "$theirs_label" \
    "$1" "$scratch/base" "$scratch/patched" >"$scratch/merged" || merge_words
}

# merge_formatted FILE   the same when the base and the patched file look as the house formats them.
merge_formatted() {
  local side
  [[ -r $root/.clang-format && $(type -t clang-format) ]] || return 1
  for side in base patched; do
    clang-format --style="file:$root/.clang-format" --assume-filename="$1" <"$scratch/$side" >"$scratch/formatted" &&
      mv -- "$scratch/formatted" "$scratch/$side" || return 1
  done
  merge_file "$1"
}

# merge_into FILE   as merge_file, with all that it takes. What could not be merged stays marked.
merge_into() {
  local file=$scratch/b/$1
  [[ -e $file ]] || file=$root/$1
  merge_file "$file" && return 0
  cp -- "$scratch/merged" "$scratch/marked"
  cp -- "$scratch/base" "$scratch/base.kept"
  cp -- "$scratch/patched" "$scratch/patched.kept"
  merge_formatted "$file" && return 0
  mv -- "$scratch/base.kept" "$scratch/base"
  mv -- "$scratch/patched.kept" "$scratch/patched"
  return 1
}

# Prints the longest line that hunk N found, without the space around it.
landmark_of() {
  sed -n '4,$s/^[ -][[:space:]]*//p' "$scratch/part.$1" | sed -f "$scratch/renames" |
    awk 'length($0) > length(longest) { longest = $0 } END { print longest }'
}

# merge_elsewhere N FILE   finds the only file but FILE in which hunk N can be merged next to
# its landmark, and sets `target` to it.
merge_elsewhere() {
  local number=$1 landmark file found=''
  landmark=$(landmark_of "$number")
  ((${#landmark} >= 10)) || return 1
  while IFS= read -r file; do
    file=${file#"$root/"}
    [[ $file == "$2" ]] && continue
    merge_into "$file" || continue
    diff --unified=3 "$root/$file" "$scratch/merged" | grep -qF -e "$landmark" || continue
    [[ $found ]] && return 1
    found=$file
    cp -- "$scratch/merged" "$scratch/merged.found"
  done < <(grep -rlF -e "$landmark" -- "$root/${part_paths[number]%%/*}" | LC_ALL=C sort)
  [[ $found ]] || return 1
  mv -- "$scratch/merged.found" "$scratch/merged"
  target=$found doubtful=1
}

# Prints the words with which hunk N makes its fault and that the file $1 had once and has no longer:
# such a mutant would not build.
lost_words() {
  sed -f "$scratch/renames" "$scratch/part.$2" | LC_ALL=C awk '
    FNR == 1 { file++ }
    file == 1 && (FNR < 4 || !/^\+/) { next }
    {
      while (match($0, /[A-Za-z_][A-Za-z0-9_]*/)) {
        seen[file, substr($0, RSTART, RLENGTH)] = 1
        $0 = substr($0, RSTART + RLENGTH)
      }
    }
    END {
      for (key in seen) {
        split(key, part, SUBSEP)
        if (part[1] == 1 && (2, part[2]) in seen && !((3, part[2]) in seen)) print part[2]
      }
    }' - "$scratch/base" "$1" | LC_ALL=C sort
}

# merge_part N   brings hunk N of a mutant into b/; says in `trouble` why it cannot.
merge_part() {
  local path=${part_paths[$1]} target side
  if ! find_base "$1"; then
    trouble="$path: it applies to no version of the file${base_revision:+ at $base_revision}"
    return 1
  fi
  if [[ -s $scratch/renames ]]; then
    for side in base patched; do sed -i -f "$scratch/renames" "$scratch/$side"; done
  fi
  target=$(find_target "$path")
  if [[ $target ]] && merge_into "$target"; then
    :
  else
    [[ $target ]] && mv -- "$scratch/marked" "$scratch/conflict"
    if ! merge_elsewhere "$1" "$target"; then
      trouble=${target:-"$path: the file is gone"}
      [[ $target ]] || return 1
      mkdir -p -- "$conflict_home/$name/$(dirname -- "$target")"
      mv -- "$scratch/conflict" "$conflict_home/$name/$target"
      return 1
    fi
  fi
  if [[ ! -e $scratch/b/$target ]]; then
    mkdir -p -- "$scratch"/{a,b}/"$(dirname -- "$target")"
    cp -- "$root/$target" "$scratch/a/$target"
  fi
  cp -- "$scratch/merged" "$scratch/b/$target"
  mapfile -t -O "${#lost[@]}" lost < <(lost_words "$scratch/a/$target" "$1")
  [[ $target == "$path" ]] || target+=" (was $path)"
  [[ $places == *"$target"* ]] || places+=" $target"
}

# The difference between a/ and b/, whatever the configuration of git is.
diff_of_mutant() {
  (cd -- "$scratch" && LC_ALL=C GIT_DIR=/dev/null GIT_CONFIG_NOSYSTEM=1 GIT_CONFIG_GLOBAL=/dev/null \
    git diff --no-index --no-prefix --no-renames --full-index --unified=3 a b)
}

# write_patch NAME   what the scratch folder holds, under the heading of the patch.
write_patch() {
  local file
  file=$(patch_of "$1")
  { printf '%s\n' "${heading[@]}" && cat -- "$scratch/diff"; } >"$file.new" && mv -- "$file.new" "$file" ||
    die "cannot write $file"
}

# refresh_mutant NAME   writes the patch anew and says in `places` for which files, or in `trouble`
# why it cannot.
refresh_mutant() {
  local name=$1 number
  trouble='' places='' doubtful='' lost=()
  rm -rf -- "$scratch"/{a,b}
  split_patch "$name"
  ((${#part_paths[@]})) || { trouble='it changes no file'; return 1; }
  for number in "${!part_paths[@]}"; do merge_part "$number" || return 1; done
  diff_of_mutant >"$scratch/diff"
  if [[ ! -s $scratch/diff ]]; then
    trouble="${part_paths[*]}: nothing is left of it, the sources do what it does"
    return 1
  fi
  write_patch "$name"
}

# rename_fault NAME   for a patch that applies: its own lines may say a name that is another now. As
# long as the lines around say it too, the name lives on. Fails where there is nothing to do.
rename_fault() {
  local file path
  file=$(patch_of "$1")
  [[ -s $scratch/renames ]] || return 1
  sed -e '/^+/!b' -e '/^+++ b\//b' -f "$scratch/renames" "$file" >"$scratch/patch"
  cmp -s -- "$file" "$scratch/patch" && return 1
  sed -n '/^--- a\//d;s/^[ -]//p' "$file" >"$scratch/around"
  sed -f "$scratch/renames" "$scratch/around" | cmp -s -- "$scratch/around" - || return 1
  rm -rf -- "$scratch"/{a,b}
  split_patch "$1"
  places=''
  for path in "${part_paths[@]}"; do
    [[ -e $scratch/a/$path ]] && continue
    mkdir -p -- "$scratch"/{a,b}/"$(dirname -- "$path")"
    cp -- "$root/$path" "$scratch/a/$path"
    cp -- "$root/$path" "$scratch/b/$path"
    places+=" $path"
  done
  LC_ALL=C "${patch_exactly[@]}" --strip=1 --directory="$scratch/b" <"$scratch/patch" >"$scratch/log" ||
    die "$(<"$scratch/log")"
  diff_of_mutant >"$scratch/diff"
  write_patch "$1"
}

refresh_mutants() {
  local name applied=0 refreshed=0 conflicts=0 history_is_read='' trouble places doubtful lost heading part_paths part_bases
  make_scratch
  mkdir -- "$scratch/blobs"
  rm -rf -- "$conflict_home"
  write_renames
  for name in "${mutants[@]}"; do
    if apply_patch "$name" "$root" --dry-run >/dev/null; then
      if rename_fault "$name"; then
        refreshed=$((refreshed + 1))
        printf 'refreshed %s:%s\n' "$name" "$places"
      else
        applied=$((applied + 1))
      fi
      continue
    fi
    [[ $history_is_read ]] || read_history
    history_is_read=1
    if refresh_mutant "$name"; then
      refreshed=$((refreshed + 1))
      printf 'refreshed %s:%s%s\n' "$name" "$places" "${doubtful:+; look at it}"
      ((${#lost[@]})) && printf '    will not build: its file no longer has the name %s; use --rename\n' "${lost[@]}"
    else
      conflicts=$((conflicts + 1))
      printf 'CONFLICT  %s: %s\n' "$name" "$trouble"
    fi
  done
  printf '%d patches applied already, %d refreshed, %d in conflict\n' "$applied" "$refreshed" "$conflicts"
  [[ -d $conflict_home ]] && printf 'the files with the conflicts marked: %s\n' "${conflict_home#"$root/"}"
  ((conflicts == 0))
}
