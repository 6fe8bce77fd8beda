#!/usr/bin/env bash
# `make bench`: every read operation through the API under wrk, and in the same run the statements of a bare
# prepared client (pgbench) on the same data. Prints a table; the ratio is what to look at, not the absolute
# numbers of one machine.
# usage: bench/run.sh [operation …]     env: CONNECTIONS (default "1 16"), DUR seconds a run (default 5)
set -euo pipefail
cd "$(dirname "$0")/.."
top=$PWD tenon=$PWD/build/tenon project=$PWD/build/bench work=$PWD/build/bench/.tenon
mkdir -p "$work"
command -v wrk >/dev/null || { echo 'install the package wrk' >&2; exit 1; }

cp examples/shop/tenon.toml "$project/"
cd "$project"
"$tenon" db start
url=$("$tenon" db url)
if [ "$(psql "$url" -XAtc "SELECT to_regclass('bench.message_reply_idx') IS NOT NULL")" != t ]; then
  node "$top/bench/gen.mjs" --dialect pg --out "$work/rows"
  "$top/bench/bin/load-pg.sh" "$work/rows" "$url"
  rm -rf "$work/rows"
fi
database_pid=$("$tenon" db status --json | node -pe 'JSON.parse(require("fs").readFileSync(0, "utf8")).pid')
pgbench=$(command -v pgbench || ls /usr/lib/postgresql/*/bin/pgbench | tail -1)

mkdir -p api
for model in country customer address category tag product product_tag orders order_line review room membership message; do
  echo "extend type $model @auth(rules: [{ allow: public }])"
done >api/shop.graphql
BENCH_KEY=bench-key "$tenon" serve --url "$url" --port 0 --api-key env:BENCH_KEY >"$work/serve.log" 2>&1 &
server=$!
trap 'kill $server 2>/dev/null' EXIT
for _ in $(seq 100); do endpoint=$(grep -om1 'http://127.0.0.1:[0-9]*/graphql' "$work/serve.log") && break; sleep 0.1; done
node "$top/bench/bin/verify.mjs" --url "$endpoint" --header 'x-api-key: bench-key'
node "$top/bench/bin/bodies.mjs" --out "$work/bodies" --dir "$top/bench"

printf '%-20s %5s %10s %8s %8s %9s %8s %7s %10s %6s\n' operation conns req/s p50_ms p99_ms api_us db_us rss_mb bare_req/s ratio
for body in "$work"/bodies/r*.jsonl; do
  operation=$(basename "$body" .jsonl)
  [ $# -eq 0 ] || [[ " $* " == *" $operation "* ]] || continue
  for connections in ${CONNECTIONS:-1 16}; do
    bare=$("$pgbench" -n -M prepared -c "$connections" -j 1 -T "${DUR:-5}" -f "$top/bench/pgbench/$operation.sql" "$url" 2>/dev/null | awk '/^tps/ { print $3 }')
    HEADERS='x-api-key: bench-key' DUR=${DUR:-5} "$top/bench/bin/measure.sh" tenon "$endpoint" "$body" "$server" "$database_pid" "$connections" |
      awk -F'\t' -v bare="$bare" '{ printf "%-20s %5d %10.0f %8.2f %8.2f %9.1f %8.1f %7d %10.0f %6.2f\n", $2, $3, $4, $5, $6, $8, $9, $11, bare, $4 / bare }'
  done
done
