#include "tests/support/database.h"

#include <array>
#include <cstdlib>

#include "tests/support/mariadb.h"
#include "tests/support/postgres.h"

namespace tenon::test {

namespace {

struct Word {
  std::string_view both;
  std::string_view postgres;
  std::string_view mariadb;
};
// What stands for a type in tables, then what does in schema files.
constexpr std::array words{
    Word{"{serial}", "serial", "int AUTO_INCREMENT"},
    Word{"{bigserial}", "bigserial", "bigint AUTO_INCREMENT"},
    Word{"{text}", "text", "varchar(191)"},
    Word{"{uuid}", "uuid", "char(36)"},
    Word{"{instant}", "timestamptz", "datetime(6)"},
    Word{"{json}", "jsonb", "json"},
    Word{"provider = \"postgresql\"", "provider = \"postgresql\"", "provider = \"mysql\""},
    Word{"@db.Uuid", "@db.Uuid", "@db.Char(36)"},
    Word{"@db.Timestamptz(", "@db.Timestamptz(", "@db.DateTime("},
    Word{"@db.Timestamp(", "@db.Timestamp(", "@db.DateTime("},
    Word{"@db.Real", "@db.Real", "@db.Float"},
};

// As PostgreSQL reads the text.
constexpr std::string_view mariadb_reads =
    "SET sql_mode = concat(@@sql_mode, ',ANSI_QUOTES,PIPES_AS_CONCAT,NO_BACKSLASH_ESCAPES');";

void replace_all(std::string& text, std::string_view from, std::string_view to) {
  for (std::size_t at = text.find(from); at != std::string::npos; at = text.find(from, at + to.size()))
    text.replace(at, from.size(), to);
}

}  // namespace

bool on_mariadb() {
  const char* engine = std::getenv("TENON_TEST_ENGINE");
  return engine != nullptr && std::string_view(engine) == "mariadb";
}

std::string for_engine(std::string_view text) {
  constexpr std::size_t mark_size = 4;
  const std::string_view ours = on_mariadb() ? "my| " : "pg| ", theirs = on_mariadb() ? "pg| " : "my| ";
  std::string out;
  while (!text.empty()) {
    const std::size_t end = std::min(text.find('\n'), text.size() - 1) + 1;
    std::string_view line = text.substr(0, end);
    text.remove_prefix(end);
    if (line.starts_with(theirs)) continue;
    if (line.starts_with(ours)) line.remove_prefix(mark_size);
    out += line;
  }
  for (const Word& word : words) replace_all(out, word.both, on_mariadb() ? word.mariadb : word.postgres);
  return out;
}

std::string create_engine_database(std::string_view sql) {
  const std::string url = on_mariadb() ? create_mariadb_database() : create_database();
  run_engine_sql(url, sql);
  return url;
}

void run_engine_sql(const std::string& url, std::string_view sql) {
  if (on_mariadb())
    run_mariadb_sql(url, std::string(mariadb_reads) + for_engine(sql));
  else
    run_sql(url, for_engine(sql));
}

void crash_database() { on_mariadb() ? crash_mariadb() : crash_postgres(); }

void restart_database() { on_mariadb() ? restart_mariadb() : restart_postgres(); }

}  // namespace tenon::test
