#!/usr/bin/env bash
# Builds everything with assertions and runs all tests; the totals are the last line.
# Safe to run again: only what changed is built.
set -euo pipefail

root=$(cd "$(dirname "${BASH_SOURCE[0]}")" && pwd)
steps_total=4
# shellcheck source-path=SCRIPTDIR source=.ci/shell.sh
source "$root/.ci/shell.sh"
cd "$root"

step 'Looking at this machine'
require_debian_12 /etc/os-release "$(uname -m)"
memory=$(memory_megabytes /proc/meminfo /sys/fs/cgroup)
jobs=$(jobs_for "$memory" "$(nproc)")
require_disk "$root" 3000 'building with tests'
echo "Debian 12 on amd64, $memory MB of memory free: $jobs job(s) at a time."

step 'Installing what building and testing need (packages.txt, kinds: build, test)'
install_packages build test

step 'Building the dev preset, and each public header alone'
configure_and_build dev "$jobs" --target all --target all_verify_interface_header_sets

step 'Running all tests'
run_tests dev "$jobs"
