#!/usr/bin/env bash
# Every operation in turn at 16 connections for MINUTES (10), and the memory of the server meanwhile: it has to
# stay where it is. Run bench/run.sh first: it makes the data and the bodies.
# usage: bench/soak.sh [minutes]
set -euo pipefail
cd "$(dirname "$0")/.."
top=$PWD tenon=$PWD/build/tenon work=$PWD/build/bench
minutes=${1:-10}
cd "$work/project"
"$tenon" db start
url=$("$tenon" db url)
BENCH_KEY=bench-key "$tenon" serve --url "$url" --port 0 --api-key env:BENCH_KEY >"$work/soak.log" 2>&1 &
server=$!
trap 'kill "$server" 2>/dev/null || true' EXIT
for _ in $(seq 100); do endpoint=$(grep -om1 'http://127.0.0.1:[0-9]*/graphql' "$work/soak.log") && break; sleep 0.1; done
cat "$work"/bodies/[ri]*.jsonl "$work"/bodies/m02*.jsonl | shuf --random-source=<(yes) >"$work/mixed.jsonl"
BODIES=$work/mixed.jsonl HEADERS='x-api-key: bench-key' wrk -t1 -c16 -d"$((minutes * 60))" --timeout 30s -s "$top/bench/wrk/post.lua" "$endpoint" >"$work/soak-wrk.log" &
load=$!
while sleep 30 && kill -0 "$load" 2>/dev/null; do
  printf '%s s: %s MB\n' "$SECONDS" "$(awk '/VmRSS/ { print int($2 / 1024) }' "/proc/$server/status")"
done
grep RESULT "$work/soak-wrk.log" | awk -F'\t' '{ printf "%d requests, %.0f a second, %d not answered with 200\n", $2, $4, $10 }'
