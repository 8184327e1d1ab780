#!/usr/bin/env bash
# Builds the release preset and runs every benchmark program: bench/run.sh [PROGRAM...]
# Prints the median of five repetitions, then each figure of bench/limits.txt beside its limit; exits 1
# when one is not kept. Nothing else should run on the machine meanwhile.
set -euo pipefail

root=$(cd "$(dirname "${BASH_SOURCE[0]}")/.." && pwd)
steps_total=4
# shellcheck source-path=SCRIPTDIR source=../.ci/shell.sh
source "$root/.ci/shell.sh"
cd "$root"

step 'Packages'
install_packages build test
memory=$(memory_megabytes /proc/meminfo /sys/fs/cgroup)

step 'The release preset'
configure_and_build release "$(jobs_for "$memory" "$(nproc)")" -DRUNLEDGER_BENCH=ON

step 'Benchmarks'
echo "Machine: $(awk -F ': ' '/model name/ {print $2; exit}' /proc/cpuinfo), $(nproc) processors, Linux $(uname -r)"
echo "Load before: $(cut -d ' ' -f 1-3 /proc/loadavg)"
results=build/bench
mkdir -p "$results"
programs=("$@")
[ $# -gt 0 ] || mapfile -t programs < <(cd build/release/bin && printf '%s\n' *_bench)
for program in "${programs[@]}"; do
  printf '\n%s\n' "$program"
  build/release/bin/"$program" --benchmark_repetitions=5 --benchmark_enable_random_interleaving=true \
    --benchmark_report_aggregates_only=true \
    --benchmark_format=csv >"$results/$program.csv" 2>"$results/$program.log" || { cat "$results/$program.log" >&2; exit 1; }
  bench/figures.awk -v mode=list "$results/$program.csv"
done

step 'Figures and their limits (bench/limits.txt)'
bench/figures.awk -v mode=limits -v folder="$results" bench/limits.txt
