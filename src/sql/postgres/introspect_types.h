// pg_type's rows as ColumnTypes.
#pragma once

#include <cstdint>
#include <string>
#include <string_view>
#include <unordered_map>

#include "catalog/catalog.h"

namespace tenon::sql::postgres {

using Oid = std::uint32_t;

// A row of pg_type, as far as it matters here.
struct TypeRow {
  Oid oid = 0;
  std::string schema;
  std::string name;
  char form = 'b';  // typtype: b(ase), c(omposite), d(omain), e(num), r(ange), m(ultirange), p(seudo)
  Oid element = 0;  // of a true array
  Oid base = 0;     // of a domain; then typmod, dimensions and base_text are of the base
  int typmod = -1;
  int dimensions = 0;
  std::string text;  // format_type: qualified and quoted as SQL wants it
  std::string base_text;
};

class TypeTable {
 public:
  void add(TypeRow row) { rows_.insert_or_assign(row.oid, std::move(row)); }
  void add_enum(Oid oid, catalog::EnumId id) { enums_[oid] = id; }

  // The type of a column: `text` is format_type of its element type (or of itself, when it is no array) with
  // `typmod`.
  catalog::ColumnType resolve(Oid oid, int typmod, int dimensions, std::string text) const;

 private:
  std::unordered_map<Oid, TypeRow> rows_;
  std::unordered_map<Oid, catalog::EnumId> enums_;
};

}  // namespace tenon::sql::postgres
