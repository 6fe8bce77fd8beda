#!/bin/sh
# Loads the sample shop into a database of MariaDB, or of MySQL with local_infile on.
# usage: load-mariadb.sh DATA_DIR CLIENT [OPTION ...]     such as: load-mariadb.sh rows mariadb --user=root shop
# DATA_DIR is what `gen.mjs --dialect mariadb --out DATA_DIR` wrote; CLIENT with its options opens the database.
set -eu
data=${1:?usage: load-mariadb.sh DATA_DIR CLIENT [OPTION ...]}
shift
here=$(cd "$(dirname "$0")/.." && pwd)
tables='country customer address category tag product product_tag orders order_line review room membership message'
{
  cat "$here/schema/mariadb.sql"
  echo "SET UNIQUE_CHECKS = 0, time_zone = '+00:00';"
  for table in $tables; do
    echo "LOAD DATA LOCAL INFILE '$data/$table.tsv' INTO TABLE $table CHARACTER SET utf8mb4;"
  done
  # New rows get ids above the generated ones, so that the expected results of the read operations stay valid.
  for table in orders order_line review message; do echo "ALTER TABLE $table AUTO_INCREMENT = 1000000000;"; done
  echo "ANALYZE TABLE $(echo "$tables" | tr ' ' ',');"
} | "$@" --local-infile=1 --silent >/dev/null
