# shellcheck shell=bash disable=SC2034,SC2154
# A small tree with the real scripts and a machine of stand-ins around it, for testing the scripts
# without installing or compiling anything; sourced by the *_test.sh beside it.
#
# Stand-ins record how they were called in $calls, one line a call. What they do can be told them:
#   $machine/installed    packages that are installed, one a line
#   $machine/build-fails  exists: the next builds fail
#   $machine/ctest-says   what CTest prints
#   $machine/fuzz_merge-finds   what that fuzzer prints before it fails
# Each test is a function named test_...; it runs in a scratch folder of its own, and fails at the
# first check that does not hold.

set -u
source_dir=$(cd -- "$(dirname -- "${BASH_SOURCE[0]}")/../.." && pwd)
scratch=$(mktemp -d) || exit 1
trap 'rm -rf -- "$scratch"' EXIT
tree=$scratch/tree machine=$scratch/machine calls=$scratch/calls
: >"$calls"

stand_in() {
  { printf '#!/bin/bash\nmachine=%q calls=%q\nprintf "%%s\\n" "%s $*" >>"$calls"\n' "$machine" "$calls" "$1"; cat; } >"$machine/bin/$1"
  chmod +x "$machine/bin/$1"
}

# How many targets tools/check --fuzz has.
count_fuzz_targets() { (source "$source_dir/tools/lib/fuzz.sh" && echo "${#fuzz_targets[@]}"); }

make_tree() {
  mkdir -p "$tree"/{core,netfakes,sim,schemas} "$machine/bin"
  cp -r "$source_dir/tools" "$tree/tools"
  rm -f "$tree"/tools/*.cpp "$tree"/tools/*.hpp
  echo '{}' >"$tree/CMakePresets.json"
  echo 'project(x)' >"$tree/CMakeLists.txt"
  echo 'int x;' >"$tree/core/x.cpp"
  printf 'ID=debian\nVERSION_ID="12"\nPRETTY_NAME="Debian 12"\n' >"$machine/os-release"
  # Everything of the list is there unless a test says otherwise.
  (root=$tree && source "$tree/tools/lib/packages.sh" &&
    printf '%s\n' "${build_packages[@]}" "${test_packages[@]}" "${tidy_packages[@]}" \
      "${fuzz_packages[@]}" "${mutant_packages[@]}") >"$machine/installed"
  stand_in dpkg-query <<'END'
while read -r package; do printf 'ii  %s\n' "$package"; done <"$machine/installed"
END
  stand_in apt-get <<'END'
case $* in *update*) exit 0 ;; esac
[[ -e $machine/install-fails ]] && { echo 'E: Unable to locate package'; exit 100; }
for word in "$@"; do [[ $word == -* || $word == install ]] || echo "$word" >>"$machine/installed"; done
END
  stand_in apt-cache <<'END'
[[ -e $machine/known ]] && grep -qFx "$2" "$machine/known"
END
  stand_in sudo <<'END'
[[ $1 == -v ]] || exec "$@"
END
  stand_in id <<'END'
echo "$(cat "$machine/uid" 2>/dev/null || echo 0)"
END
  stand_in cmake <<'END'
if [[ $1 == --preset ]]; then
  mkdir -p "build/$2" && touch "build/$2/build.ninja"
  echo "CMAKE_HOME_DIRECTORY:INTERNAL=$PWD" >"build/$2/CMakeCache.txt"
  exit 0
fi
echo "[1/2] Building CXX object core/x.cpp.o"
# A slow build goes on when somebody has been told to wait for it.
[[ -e $machine/slow-build ]] && until grep -qs "waiting for it" "$machine/../err2"; do :; done
if [[ -e $machine/build-fails ]]; then
  echo 'FAILED: core/x.cpp.o'
  echo "core/x.cpp:7:1: error: 'y' was not declared in this scope"
  exit 1
fi
mkdir -p "$2/bin"
printf '#!/bin/bash\necho "program in $PWD:" "$@"\n[[ ${SHOW_COMMAND:-} ]] && echo "called as $PROVLAB_COMMAND"\nexit ${EXIT_WITH:-0}\n' >"$2/bin/provlab"
chmod +x "$2/bin/provlab"
if [[ $2 == build/fuzz ]]; then
  source tools/lib/fuzz.sh
  for target in "${fuzz_targets[@]}"; do
    cp "$machine/bin/fuzzer" "$2/bin/fuzz_$target"
  done
fi
echo '[2/2] Linking CXX executable bin/provlab'
END
  stand_in fuzzer <<'END'
name=${0##*/}
echo 'INFO: Seed: 1' >&2
if [[ -e $machine/$name-finds ]]; then
  cat "$machine/$name-finds" >&2
  exit 77
fi
echo "stat::number_of_executed_units: ${EXECUTED-1234}" >&2
END
  stand_in ctest <<'END'
cat "$machine/ctest-says"
END
}

# run COMMAND...   keeps what it says in $out and $err and its code in $status.
run() {
  PROVLAB_OS_RELEASE=$machine/os-release PATH=$machine/bin:$PATH "$@" >"$scratch/out" 2>"$scratch/err"
  status=$?
  out=$(<"$scratch/out") err=$(<"$scratch/err")
}

fail_test() {
  printf 'failed: %s\n--- stdout\n%s\n--- stderr\n%s\n--- calls\n%s\n' "$1" "${out:-}" "${err:-}" "$(<"$calls")"
  exit 1
}
expect_status() { [[ $status == "$1" ]] || fail_test "exit code $status, expected $1"; }
expect_out() { [[ $out == "$1" ]] || fail_test "stdout should be: $1"; }
expect_err_has() { [[ $err == *"$1"* ]] || fail_test "stderr should say: $1"; }
expect_err_lacks() { [[ $err != *"$1"* ]] || fail_test "stderr should not say: $1"; }
expect_silence() { [[ -z $err ]] || fail_test 'stderr should be empty'; }
calls_of() { grep -c "^$1 " "$calls"; }
expect_calls() { [[ $(calls_of "$1") == "$2" ]] || fail_test "$1 should be called $2 times"; }
# Makes all that is there look old, and the stamp of the last build a little less so.
settle() {
  find "$tree" -exec touch -d '1 hour ago' {} +
  touch -d '30 minutes ago' "$tree/build/release/provlab.stamp"
}
uninstall() { sed -i "/^$1\$/d" "$machine/installed"; }
forget_calls() { : >"$calls"; }

# Runs the tests named on the command line, or all, each in a process of its own.
run_tests_of() {
  local script=$1 test bad=0
  shift
  if (($# == 1)); then
    make_tree
    "$1"
    return 0
  fi
  for test in $(compgen -A function test_); do
    if bash "$script" "$test"; then echo "ok     $test"; else echo "FAILED $test"; bad=1; fi
  done
  exit "$bad"
}
