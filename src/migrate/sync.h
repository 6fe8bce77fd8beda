// SQL that keeps a column equal to the one beside it while both are written, and fills it.
#pragma once

#include <string>
#include <string_view>

#include "catalog/catalog.h"

namespace tenon::migrate {

// Names are quoted, and the table's stands with its schema where it needs one.
struct Sync {
  catalog::Engine engine = catalog::Engine::postgresql;
  std::string table;
  std::string was;
  std::string is;
  std::string name;      // of the function and the triggers, not quoted
  std::string function;  // PostgreSQL: with its schema
  // With `{}` for the column: its value as one of the other's type.
  std::string forward = "{}";
  std::string backward;        // empty: `was` does not follow `is`
  bool compares_text = false;  // the type's own equality is none, or is blind for case
};

// `_tenon_sync_order_title`, in the length that engines allow.
std::string sync_name(const std::string& table, const std::string& column);
bool is_sync_name(std::string_view name);

std::string create_sync(const Sync& sync);
std::string drop_sync(const Sync& sync);

// `-- tenon: batch 5000`, UPDATE … SET is = was where it is not set yet.
std::string fill(const Sync& sync);
// The same of one column with a value of its own.
std::string fill_with(catalog::Engine engine, const std::string& table, const std::string& column,
                      const std::string& value);

}  // namespace tenon::migrate
