#!/usr/bin/env bash
# mutant_maker on a small source: every kind of mutant is made and does something, and what must stay
# as it is does.
#   maker_test.sh MAKER COMPILER ROOT RESOURCE-FOLDER
set -u
maker=$1 compiler=$2 root=$3 resources=$4
here=$root/tests/generated
scratch=$(mktemp -d) || exit 1
trap 'rm -rf -- "$scratch"' EXIT
fail() { printf 'failed: %s\n' "$1"; [[ -r $scratch/out/mutants.tsv ]] && cut -f 2,6 "$scratch/out/mutants.tsv"; exit 1; }

mkdir -p "$scratch/core"
cp "$here/sample.cpp" "$scratch/core/"
make() {
  (cd -- "$scratch" && "$maker" "$scratch" "$scratch/out" "$scratch/left_out" core/sample.cpp -- \
    -std=c++23 -resource-dir "$resources") >"$scratch/said" 2>&1 || fail "the maker says: $(<"$scratch/said")"
}
make

# made KIND FUNCTION CHANGE
made() {
  # shellcheck disable=SC2001
  cut -f 2,5,6 "$scratch/out/mutants.tsv" | grep -qE "^sample.cpp:$2:$1\.[0-9]+	$1	$(sed 's/[][*+.?|(){}^$]/\\&/g' <<<"$3")$" ||
    fail "$2 should have a mutant of the kind $1: $3"
}
made relation relation '< becomes <='
made relation relation '< becomes >'
made logical logical '&& becomes ||'
made logical logical 'what stands before it is left out'
made logical logical 'what stands after it is left out'
made arithmetic arithmetic '- becomes +'
made constant constant '40 becomes larger by one'
made constant constant '40 becomes smaller by one'
made constant named 'kLimit becomes larger by one'
made constant duration '5s becomes smaller by one'
made condition condition 'it becomes its opposite'
made condition condition 'it is taken not to hold'
made statement statement 'the statement is left out'
made arguments arguments 'a and b are exchanged'
made return early 'the function returns before it'
made condition guarded 'it is taken not to hold'
for function in stays_constexpr stays_template stays_macro; do
  cut -f 2 "$scratch/out/mutants.tsv" | grep -q ":$function:" && fail "$function should stay as it is"
done
cut -f 2 "$scratch/out/mutants.tsv" | grep ':stays_memory:[^r]' && fail 'memory set aside should stay as it is'
cut -f 2 "$scratch/out/mutants.tsv" | grep ':stays_label:constant' && fail 'labels and bounds should stay as they are'
cut -f 2,6 "$scratch/out/mutants.tsv" | grep ':stays_declared:.*\(opposite$\|not to hold\)' | grep -v 'the result' &&
  fail 'conditions that declare should stay as they are'

# One of two that would be the same, and the ordinals of both.
for same in early:return.2 guarded:statement.1 guarded:statement.2; do
  cut -f 2 "$scratch/out/mutants.tsv" | grep -q ":$same\$" && fail "$same makes the same program as another"
done
[[ $(<"$scratch/out/summary.txt") == *'left out: 0 that do not compile, 5 that only set memory aside, 3 that make the same program as another' ]] ||
  fail "what is left out should be counted: $(<"$scratch/out/summary.txt")"

# Each says its line.
while IFS=$'\t' read -r _ id file line _ _ text; do
  [[ $(sed -n "${line}s/^ *//p" "$scratch/$file") == "$text" ]] || fail "$id should be in line $line"
done <"$scratch/out/mutants.tsv"

# All of them compile, and each does something; without one all is as it was.
cat "$scratch/out/core/sample.cpp" "$here/probe.cpp" >"$scratch/probe.cpp"
"$compiler" -std=c++23 -w -I "$root" "$scratch/probe.cpp" "$root/tools/generated/switch.cpp" -o "$scratch/probe" ||
  fail 'the rewritten sample should compile'
cat "$scratch/core/sample.cpp" "$here/probe.cpp" >"$scratch/plain.cpp"
"$compiler" -std=c++23 -w -I "$root" "$scratch/plain.cpp" "$root/tools/generated/switch.cpp" -o "$scratch/plain" || exit 1
count=$(wc -l <"$scratch/out/mutants.tsv")
[[ $("$scratch/plain" 0) == $("$scratch/probe" 0) ]] || fail 'without a mutant nothing should change'
mapfile -t rows < <("$scratch/probe" "$count")
for ((number = 1; number <= count; number++)); do
  id=$(sed -n "${number}p" "$scratch/out/mutants.tsv" | cut -f 2)
  [[ $id == *:stays_* || ${rows[number]} != "${rows[0]}" ]] || fail "$id should do something"
done

# Once more it is the same, and a line that is to be left out is.
cp "$scratch/out/mutants.tsv" "$scratch/before"
make
cmp -s "$scratch/before" "$scratch/out/mutants.tsv" || fail 'it should make the same twice'
line=$(grep -n 'int constant()' "$here/sample.cpp" | cut -d : -f 1)
echo "core/sample.cpp:$line" >"$scratch/left_out"
make
grep -q ':constant:constant' "$scratch/out/mutants.tsv" && fail 'a line that is left out should have no mutants'
[[ $(<"$scratch/said") == *'2 that do not compile'* ]] || fail 'what is left out should be counted'
exit 0
