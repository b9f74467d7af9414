# shellcheck shell=bash disable=SC2034,SC2154
# The Debian packages that provlab is made of; sourced by build.sh.
# Names are those of Debian 12. Elsewhere package_name maps them as far as it can.

build_packages=(
  g++ cmake ninja-build ccache pkg-config
  libboost1.81-dev libcurl4-openssl-dev libpugixml-dev libxml2-dev libosip2-dev
  libtins-dev libpcap-dev zlib1g-dev libssl-dev libcrypt-dev libidn2-dev libfmt-dev libcli11-dev libgoogle-perftools-dev
  libgtest-dev libgmock-dev libbenchmark-dev
)
package_packages=(help2man lintian dpkg-dev file)
test_packages=(
  tshark patch git
  # A phone whose server has a certificate of nobody known (tests/plugged)
  ca-certificates
  # What tools/cluster shows is read as YAML (tests/interop/cluster_test.py)
  python3 python3-yaml
  # Other people's clients (tests/interop/clients_test.sh)
  iproute2 isc-dhcp-client udhcpc iputils-ping bind9-dnsutils chrony curl sip-tester
  # Real servers, which scenarios start (scenarios/interop)
  isc-dhcp-server kea-dhcp4-server dnsmasq-base nginx-light
)
# Of these the services. Started by Debian they would serve whatever network the machine is in.
declare -A service_of=(
  [isc-dhcp-server]=isc-dhcp-server [kea-dhcp4-server]=kea-dhcp4-server [nginx-light]=nginx
  [chrony]=chrony
)
tidy_packages=(clang-tidy-19)
fuzz_packages=(clang-19 libclang-rt-19-dev)
mutant_packages=(libclang-19-dev llvm-19-dev)

# Debian or Ubuntu, and which release; both empty on a system without /etc/os-release.
read_system() {
  local release_file=${PROVLAB_OS_RELEASE:-/etc/os-release}
  system_id='' system_version='' system_name='this system'
  [[ -r $release_file ]] || return 0
  local key value
  while IFS='=' read -r key value; do
    value=${value#\"} value=${value%\"}
    case $key in
      ID) system_id=$value ;;
      VERSION_ID) system_version=$value ;;
      PRETTY_NAME) system_name=$value ;;
    esac
  done <"$release_file"
}

# The name that a package of Debian 12 has here.
package_name() {
  case $system_id:$system_version:$1 in
    debian:12:*) printf '%s\n' "$1" ;;
    *:libboost1.81-dev) newest_known_boost ;;
    debian:13:clang-tidy-19 | ubuntu:*:clang-tidy-19) printf '%s\n' "$1" ;;
    *) printf '%s\n' "$1" ;;
  esac
}

# Boost's packages carry their version: 1.83 in Debian 13 and Ubuntu 24.04, later ones elsewhere.
newest_known_boost() {
  local version
  for version in 1.83 1.81 1.84 1.85 1.86 1.87 1.88 1.89 1.90; do
    if apt-cache show "libboost$version-dev" >/dev/null 2>&1; then
      printf 'libboost%s-dev\n' "$version"
      return
    fi
  done
  printf 'libboost-dev\n'
}

# Those of the packages named that are not installed, one a line.
missing_of() {
  local installed package
  installed=$(dpkg-query -W -f '${db:Status-Abbrev} ${Package}\n' "$@" 2>/dev/null)
  for package in "$@"; do
    [[ $'\n'$installed$'\n' == *$'\n''ii  '"$package"$'\n'* ]] || printf '%s\n' "$package"
  done
}

map_packages() {
  mapped=()
  local package
  for package in "$@"; do mapped+=("$(package_name "$package")"); done
}

# install_missing_packages PACKAGE...   names of Debian 12; installs what is missing or dies.
install_missing_packages() {
  read_system
  if ! command -v dpkg-query apt-get >/dev/null; then
    milestone "$system_name has no apt: packages are not checked; needed (as Debian 12 names them): $*"
    return 0
  fi
  local mapped missing
  map_packages "$@"
  mapfile -t missing < <(missing_of "${mapped[@]}")
  ((${#missing[@]} == 0)) && return 0

  if [[ ${PROVLAB_INSTALL:-} == never ]]; then
    die "missing packages: ${missing[*]}" \
      "nothing is installed, because PROVLAB_INSTALL=never; install them, or unset it"
  fi
  local as_root=()
  if [[ $(id -u) != 0 ]]; then
    command -v sudo >/dev/null ||
      die "missing packages: ${missing[*]}" "neither root nor sudo is at hand; have root run:" \
        "  apt-get install ${missing[*]}"
    as_root=(sudo)
  fi
  [[ $system_id:$system_version == debian:12 ]] ||
    milestone "$system_name is untested (Debian 12 is what provlab is built and tested on)"
  milestone "installing ${#missing[@]} packages${as_root[0]:+ with sudo}: ${missing[*]}"
  ((${#as_root[@]} == 0)) || sudo -v || die "sudo was refused"

  local log=$root/build/install.log started=$SECONDS
  mkdir -p -- "$root/build" && : >"$log" || die "cannot write $log"
  # Lists may be old or absent; whether they matter, the installation tells.
  run_apt update
  if ((${#missing[@]})); then
    # The names of Boost's packages are known only now, where there were no lists before.
    map_packages "$@"
    mapfile -t missing < <(missing_of "${mapped[@]}")
  fi
  local held_services=() held_policy=''
  hold_services "${missing[@]}"
  local status=0
  run_apt install --no-install-recommends "${missing[@]}" || status=$?
  release_services
  if ((status)); then
    tail_of "$log" 15
    die "the packages could not be installed; the whole log: $log"
  fi
  milestone "packages installed in $(time_since "$started")"
}

# Services among the packages named do not start when they are installed, and not at the next boot.
hold_services() {
  local package policy=/usr/sbin/policy-rc.d
  for package in "$@"; do
    [[ ${service_of[$package]:-} ]] && held_services+=("${service_of[$package]}")
  done
  ((${#held_services[@]})) && [[ ! -e $policy ]] || return 0
  held_policy=$policy
  printf '#!/bin/sh\nexit 101\n' | "${as_root[@]}" tee "$policy" >/dev/null
  "${as_root[@]}" chmod 755 "$policy"
}

release_services() {
  [[ $held_policy ]] && "${as_root[@]}" rm -f "$held_policy"
  ((${#held_services[@]})) && command -v systemctl >/dev/null || return 0
  local service
  for service in "${held_services[@]}"; do
    "${as_root[@]}" systemctl disable "$service" >>"$log" 2>&1
  done
  return 0
}

# One call of apt-get that asks nothing and waits for another one's lock; its words go to the log.
run_apt() {
  local line
  "${as_root[@]}" env DEBIAN_FRONTEND=noninteractive NEEDRESTART_SUSPEND=1 LC_ALL=C \
    apt-get -y -q -o DPkg::Lock::Timeout=300 "$@" </dev/null 2>&1 |
    while IFS= read -r line; do
      printf '%s\n' "$line" >>"$log"
      case $line in Get:* | Unpacking* | 'Setting up'*) progress "${line:0:90}" ;; esac
    done
  local status=${PIPESTATUS[0]}
  end_progress
  return "$status"
}
