#!/usr/bin/env bash
# `make demo`: the sample shop in a project-local database, served by `tenon dev`, and one answered query.
# usage: scripts/demo.sh [stop]
#   ENGINE    postgresql (default), or mariadb, which has to be installed
#   DETACH=1  return when it is up instead of staying in the foreground
#   PORT      of the API (default 4000)
#   SCALE     share of the million rows (default 1)
set -euo pipefail
cd "$(dirname "$0")/.."
top=$PWD tenon=$PWD/build/tenon port=${PORT:-4000}
case ${ENGINE:-postgresql} in
  postgresql) dialect=pg project=$PWD/examples/shop ;;
  mariadb) dialect=mariadb project=$PWD/examples/shop-mariadb ;;
  *) echo 'ENGINE is postgresql or mariadb' >&2; exit 2 ;;
esac
state=$project/.tenon pid_file=$state/demo.pid log=$state/demo.log
mkdir -p "$state"

running() { [ -s "$pid_file" ] && kill -0 "$(cat "$pid_file")" 2>/dev/null && grep -qa tenon "/proc/$(cat "$pid_file")/cmdline"; }
stop_server() {
  if running; then
    kill "$(cat "$pid_file")"
    for _ in $(seq 100); do running || break; sleep 0.1; done
  fi
  rm -f "$pid_file"
}

stop_server
cd "$project"
if [ "${1:-}" = stop ]; then
  "$tenon" db stop
  exit 0
fi

echo '== the database'
"$tenon" db start
loaded() {
  if [ $dialect = pg ]; then
    [ "$("$tenon" db shell -- -XAtc "SELECT to_regclass('bench.message_reply_idx') IS NOT NULL" 2>/dev/null)" = t ]
  else
    [ "$("$tenon" db shell -- -N -e 'SELECT MAX(id) > 1 FROM message' 2>/dev/null)" = 1 ]
  fi
}
load() {
  if [ $dialect = pg ]; then
    "$top/bench/bin/load-pg.sh" "$state/rows" "$("$tenon" db url)"
  else
    "$top/bench/bin/load-mariadb.sh" "$state/rows" "$tenon" db shell --
  fi
}
if ! loaded; then
  echo '== a million rows (once; about half a minute)'
  node "$top/bench/gen.mjs" --dialect $dialect --out "$state/rows" --scale "${SCALE:-1}"
  load
  rm -rf "$state/rows"
fi

echo '== the API'
"$tenon" dev --port "$port" >"$log" 2>&1 &
echo $! >"$pid_file"
api=http://127.0.0.1:$port
for _ in $(seq 300); do
  curl -fs "$api/readyz" >/dev/null 2>&1 && break
  running || { cat "$log"; echo 'tenon dev did not start; see above' >&2; exit 1; }
  sleep 0.1
done
curl -fsS "$api/readyz" >/dev/null
key=$(cat "$state/dev-key")

query='{ listCustomers(orderBy: [{id: ASC}], limit: 1) { items { full_name orders(orderBy: [{placed_at: DESC}], limit: 2) { items { total placed_at order_line { items { quantity product { title } } } } } } } }'
echo
echo "GraphiQL  $api/"
echo "endpoint  $api/graphql"
echo "API key   $key    (header x-api-key)"
echo
echo "\$ curl $api/graphql -H 'x-api-key: $key' -H 'content-type: application/json' -d '{\"query\": …}'"
echo "$query"
curl -fsS "$api/graphql" -H "x-api-key: $key" -H 'content-type: application/json' --data "$(node -e 'console.log(JSON.stringify({ query: process.argv[1] }))' "$query")" |
  node -e 'let t = ""; process.stdin.on("data", d => t += d).on("end", () => { const a = JSON.parse(t); console.log(JSON.stringify(a, null, 2)); process.exit(a.errors ? 1 : 0); })'

if [ "${DETACH:-}" = 1 ]; then
  echo
  echo "running with pid $(cat "$pid_file"); log in ${log#"$top"/}; stop with: make demo-stop"
  disown
  exit 0
fi
echo
echo 'Ctrl-C stops the API; the database stays (make demo-stop stops both)'
trap 'stop_server; exit 0' INT TERM
wait "$(cat "$pid_file")" || true
