#!/usr/bin/env bash
# Installs what Tenon needs on Debian 12, and nothing when it is all there.
# usage: scripts/install-packages.sh [build|test]     (default: build)
#   build  compiler, libraries, PostgreSQL, Node.js for the embedded GraphiQL
#   test   the same and what only the tests use
set -euo pipefail

build=(
  ca-certificates clang-19 lld-19 cmake ninja-build make git pkg-config ccache
  libboost1.81-dev libboost-json1.81-dev libboost-url1.81-dev
  libssl-dev zlib1g-dev libpq-dev libxxhash-dev libfmt-dev libspdlog-dev libcli11-dev libtomlplusplus-dev
  prometheus-cpp-dev libgtest-dev libgmock-dev libpg-query-dev
  postgresql-15 postgresql-client-15 libmariadb-dev curl
)
test=(wrk libclang-rt-19-dev llvm-19 clang-format-19 chromium openssl procps psmisc bsdutils bash-completion
  pgbouncer mariadb-server-core mariadb-client-core alembic python3-psycopg2)

case "${1:-build}" in
  build) wanted=("${build[@]}") ;;
  test) wanted=("${build[@]}" "${test[@]}") ;;
  *) echo "usage: $0 [build|test]" >&2; exit 2 ;;
esac
# Any Node.js from 18 on will do, from wherever it comes.
node_major() { node --version 2>/dev/null | sed 's/^v\([0-9]*\).*/\1/'; }
if ! command -v npm >/dev/null || [ "$(node_major)" -lt 18 ] 2>/dev/null; then
  wanted+=(nodejs npm)
fi

# MariaDB refuses to run as root, and its core package makes no user for it.
if [ "${1:-build}" = test ] && [ "$(id -u)" -eq 0 ] && ! getent passwd mysql >/dev/null; then
  useradd --system --user-group --no-create-home --home-dir /nonexistent --shell /usr/sbin/nologin mysql
fi

missing=()
for package in "${wanted[@]}"; do
  dpkg-query -W -f='${Status}' "$package" 2>/dev/null | grep -q '^install ok installed$' || missing+=("$package")
done
if [ ${#missing[@]} -eq 0 ]; then
  exit 0
fi

as_root=()
if [ "$(id -u)" -ne 0 ]; then
  command -v sudo >/dev/null || { echo "install these packages as root, then run this again: ${missing[*]}" >&2; exit 1; }
  as_root=(sudo)
fi
echo "installing ${#missing[@]} packages: ${missing[*]}"
export DEBIAN_FRONTEND=noninteractive
# The distribution's own cluster is not wanted: Tenon runs its own, in the project.
if printf '%s\n' "${missing[@]}" | grep -q '^postgresql-15$'; then
  "${as_root[@]}" mkdir -p /etc/postgresql-common
  [ -e /etc/postgresql-common/createcluster.conf ] ||
    echo 'create_main_cluster = false' | "${as_root[@]}" tee /etc/postgresql-common/createcluster.conf >/dev/null
fi
"${as_root[@]}" apt-get update -q
"${as_root[@]}" env DEBIAN_FRONTEND=noninteractive apt-get install -y -q --no-install-recommends "${missing[@]}"
