#!/usr/bin/env bash
# Runs every fuzzer for a while, starting from its seed corpus in fuzz/corpus/NAME.
# With CI set the inputs are the same in every run, so that a failure is about the change.
# usage: scripts/fuzz.sh [seconds each]
set -uo pipefail
cd "$(dirname "$0")/.."
seconds=${1:-60}
cmake --preset fuzz --log-level=WARNING >/dev/null || exit 1
cmake --build --preset fuzz --target fuzzers || { echo 'not ok build of the fuzzers'; exit 1; }
# A unit takes far less than a second, and has to do with what other work leaves of the processor.
one() {
  local fuzzer=$1 name work
  name=$(basename "$fuzzer")
  work=build/fuzz/work/$name
  mkdir -p "$work"
  if "$fuzzer" -max_total_time="$seconds" -timeout=60 -rss_limit_mb=2048 -max_len=65536 -print_final_stats=1 ${CI:+-seed=1} \
    -artifact_prefix="$work/" "$work" "fuzz/corpus/${name%_fuzz}" >"$work.log" 2>&1; then
    echo "ok $name: $(awk '/number_of_executed_units/ { print $2 }' "$work.log") runs"
  else
    tail -30 "$work.log"
    echo "not ok $name: see $work.log"
  fi
}
export -f one
export seconds
printf '%s\n' build/fuzz/fuzz/*_fuzz | xargs -P 2 -I '{}' bash -c 'one {}' | tee build/fuzz/results
! grep -q '^not ok' build/fuzz/results
