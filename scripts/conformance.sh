#!/usr/bin/env bash
# The public GraphQL suites of the shared folder, against the checker and against a served sample database.
# Prints the kit's own lines; each run ends with "N passed, N failed, N skipped".
set -uo pipefail
cd "$(dirname "$0")/.."
shared=${TENON_SHARED_DIR:-../shared}
kit=build/conformance
rm -rf "$kit/suites" "$kit/data"
mkdir -p "$kit"
cp -r "$shared/conformance/." "$kit/"
chmod -R u+w "$kit"
(cd "$kit" && npm install --no-audit --no-fund --loglevel=error) || { echo '0 passed, 1 failed, 0 skipped'; exit 1; }

# A run that ends before its summary, as when the server it asks is gone, is a failure.
run() {
  local out
  out=$("$@" 2>&1)
  printf '%s\n' "$out"
  grep -qE '^[0-9]+ passed, [0-9]+ failed' <<<"$out" || echo '0 passed, 1 failed, 0 skipped'
}

run node "$kit/run.mjs" --checker "$PWD/build/tenon graphql check-stdio" --suites parse,validate
run node tests/program/support/serve_for.mjs tests/databases/blog.sql -- \
  node "$kit/run.mjs" --url '{url}' --header 'x-api-key: {key}' --suites http,introspection,execution,differential,ws,sse,graphiql
