#!/usr/bin/env bash
# completion_test.sh PROVLAB: what its completion scripts offer in bash, and that zsh and fish read theirs.
set -u
provlab=$1
failures=0

# expect WANTED WORD...   completes the last WORD; WANTED are all that is offered, sorted.
expect() {
  local wanted=$1 offered
  shift
  COMP_WORDS=("$@") COMP_CWORD=$(($# - 1)) COMPREPLY=()
  _provlab
  offered=$(printf '%s\n' "${COMPREPLY[@]}" | sort -u | tr '\n' ' ')
  offered=${offered% }
  [[ $offered == "$wanted" ]] && return
  printf 'FAILED: %s: offered "%s", wanted "%s"\n' "$*" "$offered" "$wanted"
  failures=$((failures + 1))
}

script=$("$provlab" completion bash) || exit 1
eval "$script" || exit 1
expect 'show' provlab sh
expect 'apply' provlab settings a
expect '1.10A 2.0C 2.2A' provlab settings apply --release ''
expect '--twice' provlab run --tw
expect 'bash fish zsh' provlab completion ''
expect '' provlab run scen

for shell in zsh fish; do
  command -v "$shell" >/dev/null || continue
  "$provlab" completion "$shell" | "$shell" -n || {
    printf 'FAILED: %s does not read its script\n' "$shell"
    failures=$((failures + 1))
  }
done
"$provlab" completion tcsh 2>/dev/null && failures=$((failures + 1))
exit $((failures > 0))
