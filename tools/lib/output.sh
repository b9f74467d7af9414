# shellcheck shell=bash disable=SC2034,SC2154
# Words to the person at the terminal; sourced by the other scripts. Everything goes to stderr.
#
# progress TEXT    shows how far it is: one line that is written over on a terminal, else nothing
# milestone TEXT   a line of its own, on a terminal and elsewhere
# die TEXT...      one line per argument, then exit 4 (the lab's own fault)

tool=${tool:-provlab}
if [[ -t 2 ]]; then
  on_terminal=1
  shopt -s checkwinsize
  (:) # lets bash find out the width of the terminal
else
  on_terminal=
fi
progress_shown=

progress() {
  [[ $on_terminal ]] || return 0
  local width=${COLUMNS:-80} text="$tool: $1"
  ((${#text} >= width)) && text=${text:0:width-1}
  printf '\r\033[K%s' "$text" >&2
  progress_shown=1
}

end_progress() {
  [[ $progress_shown ]] && printf '\r\033[K' >&2
  progress_shown=
}

milestone() {
  end_progress
  printf '%s: %s\n' "$tool" "$1" >&2
}

die() {
  end_progress
  local line
  for line in "$@"; do printf '%s: %s\n' "$tool" "$line" >&2; done
  exit 4
}

# The time since second $1 (of bash's SECONDS), for people: "48 s", "3 min 05 s".
time_since() {
  local seconds=$((SECONDS - $1))
  if ((seconds < 60)); then
    printf '%d s' "$seconds"
  else
    printf '%d min %02d s' $((seconds / 60)) $((seconds % 60))
  fi
}

# The last lines of a log, indented, for an error message.
tail_of() {
  end_progress
  tail -n "${2:-20}" -- "$1" 2>/dev/null | sed 's/^/  | /' >&2
}

trap 'end_progress; exit 130' INT
trap 'end_progress; exit 143' TERM
