# shellcheck shell=bash disable=SC2034,SC2154
# The patches: which there are, and whether they apply; sourced by tools/mutants.

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
