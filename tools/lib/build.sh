# shellcheck shell=bash disable=SC2034,SC2154
# Configures and builds; sourced by tools/provlab and tools/check, which set `root`.

# shellcheck source=tools/lib/output.sh
source "$root/tools/lib/output.sh"
# shellcheck source=tools/lib/packages.sh
source "$root/tools/lib/packages.sh"

# One build at a time in this tree; the lock ends with the process that holds it.
take_build_lock() {
  mkdir -p -- "$root/build" || die "cannot write in $root"
  exec {build_lock}>"$root/build/.lock" || die "cannot write $root/build/.lock"
  flock --nonblock "$build_lock" && return 0
  milestone 'another build is running in this tree; waiting for it'
  flock "$build_lock" || die "cannot lock $root/build/.lock"
}

release_build_lock() { exec {build_lock}>&-; }

# Compilers at work at once: one a core, and not more than memory holds (about 1.2 GB each).
build_jobs() {
  local cores available=0 key value
  cores=$(nproc)
  while read -r key value _; do
    [[ $key == MemAvailable: ]] && available=$value
  done </proc/meminfo
  local fit=$((available / 1200000))
  ((available > 0 && fit < cores)) && cores=$((fit > 0 ? fit : 1))
  printf '%d' "$cores"
}

# is_configured FOLDER   for this tree, not for one that it was copied from.
is_configured() {
  [[ -r $1/build.ninja ]] && grep -qFxs "CMAKE_HOME_DIRECTORY:INTERNAL=$root" "$1/CMakeCache.txt"
}

# configure PRESET [ARGUMENT...]   into build/PRESET, or the folder that a -B argument names.
configure() {
  local preset=$1 log=$root/build/configure-$1.log cache=$root/build/$1/CMakeCache.txt
  # A build folder that was copied or moved with its tree is of no use to CMake.
  if [[ -r $cache ]] && ! grep -qFx "CMAKE_HOME_DIRECTORY:INTERNAL=$root" "$cache"; then
    milestone "build/$preset belongs to another folder: starting afresh"
    rm -rf -- "${root:?}/build/$preset"
  fi
  progress "configuring build/$preset"
  if ! (cd -- "$root" && LC_ALL=C cmake --preset "$@") >"$log" 2>&1; then
    tail_of "$log"
    die "CMake could not configure build/$preset; the whole log: $log"
  fi
}

# Reads what Ninja says, keeps it in the log, shows how far it is. Elsewhere than on a terminal a
# line at each quarter is enough.
show_build() {
  local line done_steps steps share next=25
  while IFS= read -r line; do
    printf '%s\n' "$line"
    [[ $line =~ ^\[([0-9]+)/([0-9]+)\]\ (.*)$ ]] || continue
    done_steps=${BASH_REMATCH[1]} steps=${BASH_REMATCH[2]} share=$((100 * done_steps / steps))
    progress "building $preset $(printf '%3d %% [%d/%d]' "$share" "$done_steps" "$steps") ${BASH_REMATCH[3]##* }"
    if [[ ! $on_terminal ]] && ((share >= next && share < 100 && steps >= 8)); then
      milestone "building $preset: $share % after $(time_since "$started")"
      next=$((share / 25 * 25 + 25))
    fi
  done >"$log"
  end_progress
}

# build PRESET [TARGET...]   without targets everything.
build() {
  local preset=$1 log=$root/build/build-$1.log started=$SECONDS target targets=()
  shift
  for target in "$@"; do targets+=(--target "$target"); done
  (cd -- "$root" && LC_ALL=C NINJA_STATUS='[%f/%t] ' \
    cmake --build "build/$preset" --parallel "$(build_jobs)" "${targets[@]}" 2>&1) | show_build
  if ((PIPESTATUS[0] != 0)); then
    local errors
    errors=$(grep -E '(error|Error|undefined reference)\b' "$log" | head -n 5)
    if [[ $errors ]]; then
      sed 's/^/  | /' <<<"$errors" >&2
      printf '  | ...\n' >&2
    fi
    tail_of "$log" 15
    die "build/$preset could not be built; the whole log: $log"
  fi
}

# build_release [TARGET...]   builds the preset that tools/provlab runs and sets its stamp. The
# stamp carries the time the build began: what is edited meanwhile is newer and gets built next time.
build_release() {
  local started=$SECONDS folder=$root/build/release first=
  mkdir -p -- "$folder" || die "cannot write $folder"
  [[ -x $folder/bin/provlab ]] || first=1
  printf '%s\n' "$root" >"$folder/provlab.stamp.new" || die "cannot write in $folder"
  [[ $first ]] && milestone 'building for the first time, this takes some minutes'
  if ! is_configured "$folder" || [[ $root/CMakePresets.json -nt $folder/build.ninja ]]; then
    configure release
    printf '%s\n' "$root" >"$folder/provlab.stamp.new"
  fi
  build release "$@"
  [[ -x $folder/bin/provlab ]] || die "the build made no $folder/bin/provlab; see $root/build/build-release.log"
  mv -f -- "$folder/provlab.stamp.new" "$folder/provlab.stamp"
  [[ $first ]] && milestone "built in $(time_since "$started")"
  return 0
}
