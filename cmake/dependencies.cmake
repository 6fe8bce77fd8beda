# Everything comes from Debian 12 packages; scripts/install-packages.sh names them.

find_package(Threads REQUIRED)
find_package(PkgConfig REQUIRED)
find_package(OpenSSL 3 REQUIRED)
find_package(PostgreSQL REQUIRED)
find_package(ZLIB REQUIRED)
find_package(fmt REQUIRED)
find_package(spdlog REQUIRED)
find_package(CLI11 REQUIRED)
find_package(GTest REQUIRED)
find_package(prometheus-cpp CONFIG REQUIRED)
# Speaks to MySQL and MariaDB.
pkg_check_modules(mariadb REQUIRED IMPORTED_TARGET libmariadb)
pkg_check_modules(xxhash REQUIRED IMPORTED_TARGET libxxhash)
# PostgreSQL's parser; linked statically, as its shared library has a name of its own for each release.
find_path(TENON_PG_QUERY_INCLUDE pg_query.h REQUIRED)
find_library(TENON_PG_QUERY NAMES libpg_query.a pg_query REQUIRED)
# toml++ is used header-only, and only by src/server/config.cpp and policy_cases.cpp.
find_path(TENON_TOML_INCLUDE toml++/toml.h REQUIRED)
# Boost 1.81 lives beside the distribution's default 1.74; Beast and Asio are used from its headers.
find_package(Boost 1.81 REQUIRED COMPONENTS json url)
