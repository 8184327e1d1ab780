#!/usr/bin/env bash
# From a fresh Debian 12 to a recorded, replayed and verified backtest, by one command.
# Installs what is missing, builds, and does the main job on the ledger ./runledger-data.
# Safe to run again: nothing is installed or built twice; the demonstration adds two runs each time.
set -euo pipefail

root=$(cd "$(dirname "${BASH_SOURCE[0]}")" && pwd)
steps_total=5
# shellcheck source-path=SCRIPTDIR source=.ci/shell.sh
source "$root/.ci/shell.sh"
cd "$root"
# The demonstration uses its own ledger and plugins, whatever the caller's shell names.
unset RUNLEDGER RUNLEDGER_PLUGINS

# Shows a command as one would type it, then runs it.
show() {
  printf '\n$ %s\n' "$*"
  "$@"
}

step 'Looking at this machine'
require_debian_12 /etc/os-release "$(uname -m)"
memory=$(memory_megabytes /proc/meminfo /sys/fs/cgroup)
jobs=$(jobs_for "$memory" "$(nproc)")
require_disk "$root" 1500 'building'
echo "Debian 12 on amd64, $memory MB of memory free: $jobs compiler(s) at a time."

step 'Installing what the build needs (packages.txt, kind: build)'
install_packages build

step 'Building the release preset and staging an installation in ./stage'
configure_and_build release "$jobs" -DRUNLEDGER_TESTS=OFF -DRUNLEDGER_BENCH=OFF
cmake --install build/release --prefix "$root/stage" >>build/release.log 2>&1 ||
  stop 'installing into ./stage failed; all of it is in build/release.log.'
ln -sfn build/release/bin/runledger runledger
echo 'The program is ./runledger; the installation, with headers for plugins, is ./stage.'

step 'The main job: import, run, list, show, replay, verify (ledger: ./runledger-data)'
printf '\n$ ./build/release/bin/runledger-sample --bars 2000 --seed 12 > build/DEMO.csv\n'
./build/release/bin/runledger-sample --bars 2000 --seed 12 >build/DEMO.csv
show ./runledger data import build/DEMO.csv
show ./runledger backtest -s sma_cross -t DEMO -p side=long
show ./runledger runs ls --limit 5
show ./runledger runs show latest --chart
show ./runledger replay latest -p slow=50
show ./runledger verify

step 'Five commands to try next'
cat <<'TRY'
  ./runledger strategies ls                          the strategies, their parameters and bounds
  ./runledger backtest -s bollinger_bands_strategy -t DEMO
  ./runledger runs ls --ticker DEMO --sort -sharpe_ratio
  ./runledger runs history latest                    which run was replayed from which
  ./runledger strategies new my_strategy             a project of your own that builds against ./stage
TRY
