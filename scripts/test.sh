#!/usr/bin/env bash
# Everything that `make test` runs. Each stage reports how many checks passed and failed; the last line is the
# sum. A stage that fails does not stop the next one. The tests of the whole program mostly wait, so what needs
# nothing but a processor (the instrumented build, the fuzzers, the rules of the tree) is done beside them.
# usage: scripts/test.sh [stage …]     stages: unit corpus program engines tidy sanitizers fuzz conformance
#   TENON_SHARED_DIR   the folder with the public suites and corpora (default: ../shared beside the checkout)
set -uo pipefail
cd "$(dirname "$0")/.."
export TENON_SOURCE_DIR=$PWD
export TENON_SHARED_DIR=${TENON_SHARED_DIR:-$PWD/../shared}
logs=build/test-logs
mkdir -p "$logs"
passed=0 failed=0 summary=()
started=$SECONDS

# tally NAME PASSED FAILED: one stage's result.
tally() {
  passed=$((passed + $2)) failed=$((failed + $3))
  summary+=("$(printf '%-14s %6d passed %4d failed   %4d s' "$1" "$2" "$3" $((SECONDS - stage_started)))")
}
sum() { awk -v n="$2" '{ for (i = 1; i <= NF; i++) if ($i == n) total += $(i - 1) } END { print total + 0 }' "$1"; }
begin() { echo; echo "== $*"; stage_started=$SECONDS; }

build() { # PRESET [target]
  cmake --preset "$1" --log-level=WARNING >"$logs/configure-$1.log" 2>&1 &&
    cmake --build --preset "$1" ${2:+--target "$2"} >"$logs/build-$1.log" 2>&1 && return 0
  tail -40 "$logs/configure-$1.log" "$logs/build-$1.log" 2>/dev/null
  return 1
}

# ahead NAME COMMAND…: begins it with what other work leaves of the processor. `arrived NAME` waits for it, and
# has its status; its output is in the log of that name.
declare -A begun
ahead() {
  [ -z "${begun[$1]:-}" ] || return 0
  set -m # a process group of its own, which ends with this script
  (renice -n 19 "$BASHPID" >/dev/null && "${@:2}") >"$logs/$1.log" 2>&1 &
  begun[$1]=$!
  set +m
}
arrived() { wait "${begun[$1]}"; }
trap 'for pid in "${begun[@]}"; do kill -- "-$pid" 2>/dev/null; done' EXIT

# Runs the test programs of a build; counts single tests, not programs.
programs() { # NAME BUILD_DIR LABELS [all but these]
  local log=$logs/$1.log
  ctest --test-dir "$2" -L "$3" ${4:+-E "$4"} -V -j 2 --timeout 900 >"$log" 2>&1
  local status=$?
  grep -oE '\[ SCORE    \].*' "$log"
  local ok bad
  # GoogleTest's closing lines, and those of node's test runner.
  ok=$(grep -oE '\[  PASSED  \] [0-9]+ tests?|[#ℹ] pass [0-9]+' "$log" | awk '{ n += $1 == "[" ? $4 : $3 } END { print n + 0 }')
  bad=$(grep -oE '\[  FAILED  \] [0-9]+ tests?, listed|[#ℹ] fail [0-9]+' "$log" | awk '{ n += $1 == "[" ? $4 : $3 } END { print n + 0 }')
  if [ "$status" -ne 0 ] && [ "$bad" -eq 0 ]; then bad=1; fi # a program that died
  [ "$bad" -eq 0 ] || grep -vE '\[ +(OK|RUN) +\]' "$log" | grep -E 'FAILED|Failure|differs|expected:|actual:|accept the|ERROR: |SUMMARY|runtime error|not ok|✖|\*\*\*' | head -60
  tally "$1" "$ok" "$bad"
}

# What a run of node's test runner says of the tests that failed.
told() { # NAME
  awk '/^ *not ok/ { lines = 40 } /^ *stack:/ { lines = 0 } lines-- > 0' "$logs/$1.log" | cut -c 1-300 | head -160
}

ahead_tidy() { ahead tidy node scripts/tidy.mjs; }
stage_tidy() {
  begin 'tidy: the rules of the tree'
  arrived tidy
  cat "$logs/tidy.log"
  tally tidy "$(awk '/^tidy:/ { print $2 }' "$logs/tidy.log")" "$(awk '/^tidy:/ { n = $4; seen = 1 } END { print seen ? n : 1 }' "$logs/tidy.log")"
}

stage_unit() {
  begin 'unit tests, tests on a real PostgreSQL and MariaDB, HTTP from outside'
  programs unit build 'unit|postgres|mariadb|http'
}

# The instrumented build serves the fuzzers too, which need nothing but a processor either.
instrumented() {
  build fuzz instrumented && touch "$logs/instrumented" || return 1
  case " ${stages[*]} " in *' fuzz '*) scripts/fuzz.sh "${FUZZ_SECONDS:-20}" >"$logs/fuzz.log" 2>&1 ;; esac
}
ahead_sanitizers() {
  rm -f "$logs/instrumented" "$logs/fuzz.log"
  ahead build-instrumented instrumented
}
is_instrumented() { # STAGE: else that has failed
  [ ! -e "$logs/instrumented" ] || return 0
  cat "$logs/build-instrumented.log"
  tally "$1" 0 1
  return 1
}
stage_sanitizers() {
  begin 'the same under the address and undefined behaviour sanitizers'
  while [ ! -e "$logs/instrumented" ] && kill -0 "${begun[build-instrumented]}" 2>/dev/null; do sleep 1; done
  is_instrumented sanitizers || return
  programs sanitizers build/fuzz 'unit|postgres|mariadb' 'pull|local'
}

stage_program() {
  begin 'the whole program, from outside'
  if ! (cd tests/npm && npm ci --no-audit --no-fund --loglevel=error >../../"$logs"/npm.log 2>&1); then
    tail -5 "$logs/npm.log"; tally program 0 1; return
  fi
  node --test --test-reporter=tap --test-concurrency=1 tests/program/ >"$logs/program.log" 2>&1
  told program
  tally program "$(awk '/^# pass/ { print $3 }' "$logs/program.log")" "$(awk '/^# (fail|cancelled)/ { n += $3 } END { print n + 0 }' "$logs/program.log")"
}

# Those of them that speak to a database as applications do, again on MariaDB; what differs is listed in
# src/sql/differences.cpp. The most random ones have run in full on the other engine.
on_both_engines=(reading writing aggregates api clients dev serve check faults random random_schema migrating
  policy limits doctor explain hostile telemetry graphiql databases tls statements migrate_back migrate_import
  migrate_lint migrating_online)
stage_engines() {
  begin 'the whole program on MariaDB'
  TENON_TEST_ENGINE=mariadb node --test --test-reporter=tap --test-concurrency=1 \
    $(printf "tests/program/%s.test.mjs " "${on_both_engines[@]}") >"$logs/engines.log" 2>&1
  told engines
  tally engines "$(awk '/^# pass/ { print $3 }' "$logs/engines.log")" "$(awk '/^# (fail|cancelled)/ { n += $3 } END { print n + 0 }' "$logs/engines.log")"
}

ahead_fuzz() { ahead_sanitizers; }
stage_fuzz() {
  begin 'fuzzers, briefly'
  arrived build-instrumented
  local status=$? bad
  is_instrumented fuzz || return
  grep -E '^not ok|ERROR|Test unit written' "$logs/fuzz.log" | head -20
  bad=$(grep -c '^not ok ' "$logs/fuzz.log")
  if [ "$status" -ne 0 ] && [ "$bad" -eq 0 ]; then bad=1; fi # it died before it could say so
  tally fuzz "$(grep -c '^ok ' "$logs/fuzz.log")" "$bad"
}

stage_conformance() {
  begin 'public GraphQL suites'
  if [ ! -d "$TENON_SHARED_DIR/conformance" ]; then
    echo "the folder $TENON_SHARED_DIR/conformance is not here: these suites did not run"; return
  fi
  scripts/conformance.sh >"$logs/conformance.log" 2>&1
  grep -E '^(not ok|skip|# |[0-9]+ passed|    )' "$logs/conformance.log" | head -60
  tally conformance "$(sum "$logs/conformance.log" passed,)" "$(awk '/^[0-9]+ passed, [0-9]+ failed/ { n += $3; seen = 1 } END { print seen ? n + 0 : 1 }' "$logs/conformance.log")"
}

stage_corpus() {
  begin 'shared corpora'
  if [ ! -d "$TENON_SHARED_DIR/corpus" ]; then
    echo "the folder $TENON_SHARED_DIR/corpus is not here: these cases did not run"; return
  fi
  programs corpus build corpus
}

stage_started=$SECONDS
begin 'build'
if ! build release; then
  echo '0 passed, 1 failed'
  exit 1
fi
echo "built in $((SECONDS - stage_started)) s"
read -ra stages <<<"${*:-unit corpus program engines tidy sanitizers fuzz conformance}"
for stage in "${stages[@]}"; do
  if declare -F "ahead_$stage" >/dev/null; then "ahead_$stage"; fi
done
for stage in "${stages[@]}"; do "stage_$stage"; done

echo
echo "== summary ($((SECONDS - started)) s; logs in $logs)"
printf '%s\n' "${summary[@]}"
echo "$passed passed, $failed failed"
[ "$failed" -eq 0 ]
