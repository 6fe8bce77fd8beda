#include "migrate/sync.h"

#include <fmt/args.h>
#include <fmt/format.h>

#include "base/hash.h"
#include "migrate/ddl.h"
#include "migrate/expansion.h"

namespace tenon::migrate {

using catalog::Engine;

namespace {

constexpr std::string_view hex = "0123456789abcdef";
constexpr std::size_t trigger_name_max = 56;  // with _insert behind it, and zz before it

std::string converted(const std::string& conversion, const std::string& value) {
  const std::size_t at = conversion.find("{}");
  return at == std::string::npos ? conversion : std::string(conversion).replace(at, 2, value);
}

// Behind other triggers, which may write the columns too: PostgreSQL runs them by name, MySQL by age.
std::string postgres_trigger(const Sync& sync) { return quote_name(Engine::postgresql, "zz" + sync.name); }
std::string mysql_trigger(const Sync& sync, std::string_view event) {
  return quote_name(Engine::mysql, sync.name + std::string(event));
}

std::string differs(const Sync& sync, const std::string& one, const std::string& other) {
  if (sync.engine == Engine::mysql)
    return sync.compares_text ? fmt::format("NOT (CAST({} AS BINARY) <=> CAST({} AS BINARY))", one, other)
                              : fmt::format("NOT ({} <=> {})", one, other);
  return sync.compares_text ? fmt::format("{}::text IS DISTINCT FROM {}::text", one, other)
                            : fmt::format("{} IS DISTINCT FROM {}", one, other);
}

std::string postgres_sync(const Sync& sync) {
  const std::string was = "NEW." + sync.was;
  const std::string is = "NEW." + sync.is;
  const std::string follow = fmt::format("{} := {};", is, converted(sync.forward, was));
  std::string body = fmt::format("  {}\n", follow);
  if (!sync.backward.empty()) {
    const std::string back = fmt::format("{} := {};", was, converted(sync.backward, is));
    body = fmt::format(
        "  IF TG_OP = 'INSERT' THEN\n    IF {0} IS NOT NULL THEN {1} ELSE {2} END IF;\n"
        "  ELSIF {3} THEN {1}\n  ELSE {2}\n  END IF;\n",
        is, back, follow, differs(sync, is, "OLD." + sync.is));
  }
  std::string tag = "$tenon$";
  while (body.find(tag) != std::string::npos) tag.insert(1, "_");
  return fmt::format(
      "CREATE FUNCTION {0}() RETURNS trigger LANGUAGE plpgsql AS {1}\nBEGIN\n{2}  RETURN NEW;\nEND {1};\n"
      "CREATE TRIGGER {3} BEFORE INSERT OR UPDATE ON {4} FOR EACH ROW EXECUTE FUNCTION {0}();\n",
      sync.function, tag, body, postgres_trigger(sync), sync.table);
}

// One SET each, without a body whose semicolons other programs would cut at.
std::string mysql_sync(const Sync& sync) {
  const std::string was = "NEW." + sync.was;
  const std::string is = "NEW." + sync.is;
  const std::string follow = fmt::format("{} = {}", is, was);
  std::string inserted = follow;
  std::string updated = follow;
  if (!sync.backward.empty()) {
    inserted = fmt::format("{0} = COALESCE({1}, {0}), {2}", was, is, follow);
    updated =
        fmt::format("{0} = IF({1}, {2}, {0}), {3}", was, differs(sync, is, "OLD." + sync.is), is, follow);
  }
  return fmt::format(
      "CREATE TRIGGER {0} BEFORE INSERT ON {2} FOR EACH ROW SET {3};\n"
      "CREATE TRIGGER {1} BEFORE UPDATE ON {2} FOR EACH ROW SET {4};\n",
      mysql_trigger(sync, "_insert"), mysql_trigger(sync, "_update"), sync.table, inserted, updated);
}

constexpr std::string_view sync_prefix = "_tenon_sync_";

std::string batch_line(Engine engine) {
  // On MySQL each row is named in the statement.
  return fmt::format("-- tenon: batch {}\n", engine == Engine::mysql ? 1000 : 5000);
}

}  // namespace

std::string sync_name(const std::string& table, const std::string& column) {
  std::string name = fmt::format("{}{}_{}", sync_prefix, table, column);
  if (name.size() <= trigger_name_max) return name;
  auto number = base::hash128(name).low;
  std::string ending = "_";
  for (int i = 0; i < 8; ++i, number >>= 4U) ending += hex[number & 0xFU];
  return name_beside(name.substr(0, trigger_name_max - ending.size()), ending);
}

bool is_sync_name(std::string_view name) { return name.starts_with(sync_prefix); }

std::string create_sync(const Sync& sync) {
  return sync.engine == Engine::mysql ? mysql_sync(sync) : postgres_sync(sync);
}

std::string drop_sync(const Sync& sync) {
  if (sync.engine == Engine::mysql)
    // Of a row that only one of the two was given, an update would keep the other.
    return fmt::format("DROP TRIGGER {};\nDROP TRIGGER {};\n", mysql_trigger(sync, "_update"),
                       mysql_trigger(sync, "_insert"));
  return fmt::format("DROP TRIGGER {} ON {};\nDROP FUNCTION {}();\n", postgres_trigger(sync), sync.table,
                     sync.function);
}

std::string fill(const Sync& sync) {
  const std::string value = converted(sync.forward, sync.was);
  return fmt::format("{}UPDATE {} SET {} = {} WHERE {} IS NULL AND {} IS NOT NULL;\n",
                     batch_line(sync.engine), sync.table, sync.is, value, sync.is, value);
}

std::string fill_with(Engine engine, const std::string& table, const std::string& column,
                      const std::string& value) {
  return fmt::format("{}UPDATE {} SET {} = {} WHERE {} IS NULL;\n", batch_line(engine), table, column, value,
                     column);
}

}  // namespace tenon::migrate
