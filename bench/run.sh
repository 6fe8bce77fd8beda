#!/usr/bin/env bash
# `make bench`: every operation through the API under wrk; in the same run the same statements by a bare libpq
# or libmariadb client, a hello from the same HTTP layer, the point query by pgbench, and a peer (PostGraphile);
# the last two on PostgreSQL alone. Prints the table of docs/performance.md and leaves the measurements in
# build/bench/results.tsv (build/bench-mariadb/ for ENGINE=mariadb). Look at the ratios: they hold on any machine.
# usage: bench/run.sh [operation …]
# The peer needs Node 22, which comes as a package; its aggregates plugin is a pre-release (--legacy-peer-deps).
# env: ENGINE postgresql (default) or mariadb; CONNECTIONS ("1 16 64"), DUR seconds a run (5), PEER=0 leaves
# the peer out
set -euo pipefail
cd "$(dirname "$0")/.."
top=$PWD tenon=$PWD/build/tenon engine=${ENGINE:-postgresql}
case $engine in
  postgresql) work=$PWD/build/bench example=shop dialect=tenon ;;
  mariadb) work=$PWD/build/bench-mariadb example=shop-mariadb dialect=tenon-mariadb PEER=0 ;;
  *) echo 'ENGINE is postgresql or mariadb' >&2; exit 2 ;;
esac
project=$work/project
connections=${CONNECTIONS:-1 16 64} seconds=${DUR:-5}
mkdir -p "$project/api"
command -v wrk >/dev/null || { echo 'install the package wrk' >&2; exit 1; }
stops=()
trap 'for pid in "${stops[@]}"; do kill "$pid" 2>/dev/null || true; done' EXIT

# ---- the sample rows in a project-local database
cp "examples/$example/tenon.toml" "$project/"
cd "$project"
"$tenon" db start
url=$("$tenon" db url)
if [ "$engine" = postgresql ]; then
  schema=bench
  sql() { { echo 'SET search_path = bench;'; cat; } | psql "$url" -XAtq; }
  loaded="SELECT count(*) FROM pg_indexes WHERE schemaname = 'bench' AND indexname = 'message_reply_idx'"
else
  schema=${url##*/}
  sql() { "$tenon" db shell -- --skip-column-names --batch; }
  # Found only when the whole of it was loaded: the counter is set last.
  loaded="SELECT count(*) FROM information_schema.tables WHERE table_schema = database() AND table_name = 'message' AND auto_increment >= 1000000000"
fi
if [ "$(sql <<<"$loaded")" != 1 ]; then
  if [ "$engine" = postgresql ]; then
    node "$top/bench/gen.mjs" --dialect pg --out "$work/rows"
    "$top/bench/bin/load-pg.sh" "$work/rows" "$url"
  else
    node "$top/bench/gen.mjs" --dialect mariadb --out "$work/rows"
    "$top/bench/bin/load-mariadb.sh" "$work/rows" "$tenon" db shell --
  fi
  rm -rf "$work/rows"
fi
database=$("$tenon" db status --json | node -pe 'JSON.parse(require("fs").readFileSync(0, "utf8")).pid')

# ---- the servers
for model in country customer address category tag product product_tag orders order_line review room membership message; do
  echo "extend type $model @auth(rules: [{ allow: public }])"
done >api/shop.graphql
BENCH_KEY=bench-key "$tenon" serve --url "$url" --port 0 --api-key env:BENCH_KEY >"$work/serve.log" 2>&1 &
server=$!
stops+=("$server")
for _ in $(seq 100); do endpoint=$(grep -om1 'http://127.0.0.1:[0-9]*/graphql' "$work/serve.log") && break; sleep 0.1; done
idle=$(awk '/VmRSS/ { printf "%.1f", $2 / 1024 }' "/proc/$server/status")
start=$(node "$top/bench/bin/start.mjs" "$tenon" "$url" '{ getCountry(code: "AA") { name } }')
node "$top/bench/bin/verify.mjs" --url "$endpoint" --dialect "$dialect" --header 'x-api-key: bench-key' --writes
sql <"$top/bench/sql/cleanup.sql"
node "$top/bench/bin/bodies.mjs" --dialect "$dialect" --out "$work/bodies" --dir "$top/bench"
echo 'GET /healthz' >"$work/bodies/hello.jsonl"

peer=
if [ "${PEER:-1}" = 1 ]; then
  (cd "$top/bench/postgraphile" && npm ci --legacy-peer-deps --no-audit --no-fund --loglevel=error)
  port=$(node -e 'const s = require("net").createServer().listen(0, "127.0.0.1", () => { console.log(s.address().port); s.close(); })')
  NODE_ENV=production DATABASE_URL=$url PORT=$port "$top/bench/postgraphile/node_modules/.bin/node" \
    "$top/bench/postgraphile/server.mjs" >"$work/peer.log" 2>&1 &
  peer=$!
  stops+=("$peer")
  for _ in $(seq 300); do grep -q ready "$work/peer.log" && break; sleep 0.1; done
  peer_endpoint=http://127.0.0.1:$port/graphql
  node "$top/bench/bin/verify.mjs" --url "$peer_endpoint" --dialect postgraphile | tail -1
  node "$top/bench/bin/bodies.mjs" --out "$work/bodies-peer" --dir "$top/bench" --dialect postgraphile
fi

# ---- the measurements: label, operation, connections, req/s, p50 ms, p99 ms, errors, then CPU microseconds a
# request of server, database and wrk, memory in MB, and how busy the machine was with other things
results=$work/results.tsv
: >"$results"
measure() { DUR=$seconds "$top/bench/bin/measure.sh" "$@" $connections | tee -a "$results"; }
# pgbench sends the statement of the point query and throws its row away: as fast as the database gets on these cores.
pgbench=$(command -v pgbench || ls /usr/lib/postgresql/*/bin/pgbench 2>/dev/null | tail -1 || true)
measure_pgbench() {
  local count
  for count in $connections; do
    "$pgbench" -n -M prepared -c "$count" -j 1 -T "$seconds" -f "$top/bench/pgbench/$1.sql" "$url" 2>/dev/null |
      awk -v op="$1" -v c="$count" '/^latency average/ { l = $4 } /^tps/ { t = $3 }
        END { printf "pgbench\t%s\t%d\t%.1f\t%.2f\t0\t0\t0\t0\t0\t0\t0\n", op, c, t, l }' | tee -a "$results"
  done
}
echo "# Memory of the idle server: $idle MB. From its start to the first row: $start ms." | tee -a "$results"
measure hello "${endpoint%/graphql}/healthz" "$work/bodies/hello.jsonl" "$server" "$database"
for body in "$work"/bodies/[rm]*.jsonl; do
  operation=$(basename "$body" .jsonl)
  [ $# -eq 0 ] || [[ " $* " == *" $operation "* ]] || continue
  if [ "$engine $operation" = "postgresql r01_point" ] && [ -n "$pgbench" ]; then measure_pgbench "$operation"; fi
  for count in $connections; do
    "$top/build/bench/tenon_bare_client" "$url" "$schema" "$body" "$count" "$seconds" |
      awk -F'\t' -v op="$operation" -v c="$count" \
        '{ printf "bare\t%s\t%d\t%.1f\t%.2f\t%.2f\t0\t%.1f\t%.1f\t0\t0\t0\n", op, c, $1, $4, $5, $2, $3 }' |
      tee -a "$results"
  done
  HEADERS='x-api-key: bench-key' measure tenon "$endpoint" "$body" "$server" "$database"
  if [ -n "$peer" ] && [ -f "$work/bodies-peer/$operation.jsonl" ]; then
    measure postgraphile "$peer_endpoint" "$work/bodies-peer/$operation.jsonl" "$peer" "$database"
  fi
  case $operation in m*) sql <"$top/bench/sql/cleanup.sql" ;; esac
done
node "$top/bench/bin/report.mjs" "$results"
