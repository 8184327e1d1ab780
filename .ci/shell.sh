# shellcheck shell=bash
# What quickstart.sh, test.sh and .ci/run share. Sourced; works without a terminal.
# The caller has set `root`, the repository, and `steps_total`, how often it will call `step`.

: "${root:?}" "${steps_total:?}"

readonly job_megabytes=1500      # peak of one compiler or linker process, rounded up
readonly package_megabytes=1500  # what all packages of packages.txt take unpacked, rounded up

step_number=0
step() {
  step_number=$((step_number + 1))
  printf '\n[%d/%d] %s\n' "$step_number" "$steps_total" "$*"
}

# One sentence on stderr, then the end.
stop() {
  printf '%s: %s\n' "$(basename "$0")" "$*" >&2
  exit 1
}

# require_debian_12 OS_RELEASE ARCHITECTURE
require_debian_12() {
  local name
  # shellcheck disable=SC1090
  name=$(. "$1" 2>/dev/null && printf '%s %s' "${ID:-unknown}" "${VERSION_ID:-of unknown version}") || name='an unknown system'
  [ "$name" = 'debian 12' ] ||
    stop "this is $name, and runledger builds on Debian 12 (amd64): use a Debian 12 machine, container or chroot."
  [ "$2" = x86_64 ] ||
    stop "this machine is $2, and runledger builds on amd64 (x86_64) only, because results are compared bit for bit there."
}

# memory_megabytes MEMINFO CGROUP_FOLDER: what programs may still take, swap included.
memory_megabytes() {
  local free limit used
  free=$(awk '/^(MemAvailable|SwapFree):/ {sum += $2} END {printf "%d", sum / 1024}' "$1")
  limit=$(cat "$2/memory.max" 2>/dev/null || echo max)
  if [ "$limit" != max ]; then
    used=$(cat "$2/memory.current" 2>/dev/null || echo 0)
    limit=$(((limit - used) / 1024 / 1024))
    [ "$limit" -ge "$free" ] || free=$limit
  fi
  echo "$free"
}

# jobs_for MEGABYTES PROCESSORS: how many compilers fit.
jobs_for() {
  local fit=$(($1 / job_megabytes))
  [ "$fit" -gt 0 ] ||
    stop "building takes $job_megabytes MB of memory and $1 MB are free: close programs or add swap, then run this again."
  [ "$fit" -le "$2" ] || fit=$2
  echo "$fit"
}

# require_disk FOLDER MEGABYTES WHAT
require_disk() {
  local free
  free=$(df -Pk "$1" | awk 'NR == 2 {printf "%d", $4 / 1024}')
  [ "$free" -ge "$2" ] ||
    stop "$3 takes $2 MB and $1 has $free MB free: free some space there, then run this again."
}

# packages_of KIND...: names in packages.txt.
packages_of() {
  local kind
  for kind in "$@"; do
    awk -v kind="$kind" '$1 == kind {print $2}' "$root/packages.txt"
  done
}

# Those of the names given that are not installed, one a line.
missing_packages() {
  comm -23 <(printf '%s\n' "$@" | sort -u) \
    <(dpkg-query -W -f '${db:Status-Status} ${Package}\n' | awk '$1 == "installed" {print $2}' | sort -u)
}

# Runs apt-get as root, by sudo when need be. Its words go to a log, which `stop` names.
apt_as_root() {
  local -a command=(apt-get -o DPkg::Lock::Timeout=120 -o Acquire::Retries=2 -o Acquire::http::Timeout=30 "$@")
  if [ "$(id -u)" != 0 ]; then
    command=(sudo DEBIAN_FRONTEND=noninteractive "${command[@]}")
  fi
  DEBIAN_FRONTEND=noninteractive "${command[@]}" </dev/null >>"$apt_log" 2>&1
}

# Asks for the password while there is a terminal to ask on; `apt_as_root` then needs none.
require_root_or_sudo() {
  local line="apt-get install --no-remove --no-install-recommends $*"
  [ "$(id -u)" != 0 ] || return 0
  command -v sudo >/dev/null ||
    stop "packages are missing and there is no sudo: run this as root, then $(basename "$0") again: $line"
  sudo -n true 2>/dev/null && return 0
  [ -t 0 ] ||
    stop "packages are missing and sudo wants a password, which nobody can type here: run this as root, then $(basename "$0") again: $line"
  echo "sudo asks for your password to install: $*"
  sudo true || stop "packages are missing and sudo refused: run this as root, then $(basename "$0") again: $line"
}

# install_packages KIND...: only what is missing; nothing is removed, nothing is upgraded on purpose.
install_packages() {
  local -a wanted missing
  mapfile -t wanted < <(packages_of "$@")
  mapfile -t missing < <(missing_packages "${wanted[@]}")
  if [ "${#missing[@]}" = 0 ]; then
    echo "All ${#wanted[@]} packages are installed."
    return
  fi
  require_root_or_sudo "${missing[@]}"
  require_disk /usr "$package_megabytes" 'installing the packages'
  echo "Installing with apt-get: ${missing[*]}"
  apt_log=$(mktemp "${TMPDIR:-/tmp}/runledger-apt.XXXXXX")
  apt_as_root update || true  # a mirror nobody needs here may be away; the install below decides
  apt_as_root install --yes --no-remove --no-install-recommends "${missing[@]}" || stop_for_apt "$apt_log"
  mapfile -t missing < <(missing_packages "${wanted[@]}")
  [ "${#missing[@]}" = 0 ] || stop "apt-get said it was done and these packages are still missing: ${missing[*]}; see $apt_log."
  rm -f "$apt_log"
}

# stop_for_apt LOG: the one sentence that fits what apt-get said.
stop_for_apt() {
  local host
  host=$(grep -ohE 'https?://[^/ ]+' "$1" | head -n 1 || true)
  if grep -qE 'remove is disabled|Packages need to be removed' "$1"; then
    stop "installing would remove packages of this machine, which this script never does: see $1, or use a clean Debian 12."
  elif grep -qE 'Could not get lock|Unable to lock' "$1"; then
    stop "another program holds apt's lock for two minutes: wait until it ends, then run this again."
  elif grep -qE 'Temporary failure resolving|Could not resolve|Unable to connect|Could not connect|Connection (failed|timed out)|Network is unreachable' "$1"; then
    stop "the Debian mirror ${host:-in /etc/apt} cannot be reached, and packages are missing: check the network or the mirror, then run this again (apt-get's words: $1)."
  elif grep -qE 'Unable to locate package|has no installation candidate' "$1"; then
    stop "apt knows no package $(grep -oE "(locate package|Package '?)[^' ]* ?[^' ]*" "$1" | head -n 1 | awk '{gsub(/'"'"'/, ""); print $NF}'): add Debian 12's 'main' to /etc/apt/sources.list, then run this again."
  elif grep -qE 'No space left' "$1"; then
    stop "the disk filled up while installing packages: free some space, then run this again."
  fi
  stop "apt-get failed: $(grep -E '^E: ' "$1" | tail -n 1 | cut -c4-) (all of it: $1)."
}

# configure_and_build PRESET JOBS [-D...] [--target T...]: quiet unless it fails.
configure_and_build() {
  local preset=$1 jobs=$2 log="$root/build/$1.log"
  local -a settings=() targets=()
  shift 2
  while [ $# -gt 0 ]; do
    case $1 in
      -D*) settings+=("$1") ;;
      *) targets+=("$1") ;;
    esac
    shift
  done
  mkdir -p "$root/build"
  (cd "$root" && cmake --preset "$preset" "${settings[@]}") >"$log" 2>&1 ||
    { tail -n 40 "$log" >&2; stop "configuring preset $preset failed; all of it is in build/$preset.log."; }
  echo "Building preset $preset, $jobs at a time (log: build/$preset.log)."
  local started=$SECONDS
  (cd "$root" && cmake --build --preset "$preset" --parallel "$jobs" "${targets[@]}") >>"$log" 2>&1 ||
    { grep -nE 'error|FAILED|Killed' "$log" | head -n 40 >&2 || true; tail -n 20 "$log" >&2; stop "building preset $preset failed; all of it is in build/$preset.log."; }
  echo "Built in $((SECONDS - started)) s."
}

# run_tests PRESET JOBS [ctest arguments]: what failed is shown; the last line is the totals.
run_tests() {
  local preset=$1 jobs=$2 report="$root/build/$1-tests.xml" outcome=0
  shift 2
  rm -f "$report"
  (cd "$root" && ctest --preset "$preset" --parallel "$jobs" --output-junit "$report" "$@") </dev/null || outcome=$?
  [ -s "$report" ] || stop "ctest wrote no report, so no test ran; its words are above."
  test_totals "$report"
  return "$outcome"
}

# test_totals REPORT: "N passed, N failed, N skipped" from ctest's JUnit file. No tests at all is a failure.
test_totals() {
  awk '
    /^[[:space:]]*(tests|failures|disabled|skipped)=/ && !suite_done {
      split($1, pair, "\""); name = pair[1]; sub(/=$/, "", name); count[name] = pair[2]
    }
    /<testcase/ {suite_done = 1}
    END {
      left_out = count["disabled"] + count["skipped"]
      printf "%d passed, %d failed, %d skipped\n", count["tests"] - count["failures"] - left_out, count["failures"], left_out
      exit count["tests"] == 0
    }' "$1"
}
