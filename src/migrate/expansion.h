// Changes in two steps, as values: the first migration puts the new beside the old, so that both versions of
// an application work, and a later one takes the old away. What is between the two is written in the scripts
// themselves (`-- tenon: expand column "order"."title" to "headline"`, later `-- tenon: contract` with the
// same words), so the folder tells which are open. Pure.
#pragma once

#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "catalog/catalog.h"
#include "migrate/folder.h"

namespace tenon::migrate {

struct Expansion {
  enum class Kind : std::uint8_t {
    rename_column,  // `to` beside `column`, both kept equal
    change_type,    // `to` beside `column`, which it follows and whose name it gets
    rename_table,   // `table` has the name `to`, and a view the old one
    drop_column,    // `column` may be left out
    drop_table,
    drop_enum,  // `table` is its name; columns that go are of it still
  };
  Kind kind = Kind::rename_column;
  std::string schema;  // empty: the first of the search path, MySQL: the database
  std::string table;
  std::string column;
  std::string to;
  friend bool operator==(const Expansion&, const Expansion&) = default;
};

// `column "order"."title" to "headline"`: what stands behind `-- tenon: expand `, and how it is read.
std::string to_string(const Expansion& expansion);
std::optional<Expansion> read_expansion(std::string_view text);

// Of scripts in the order in which they run: begun, and not ended.
std::vector<Expansion> open_expansions(const std::vector<const Migration*>& migrations);
// Whether a script begins or ends one.
bool speaks_of_expansions(std::string_view script);

// `catalog` as if `expansions` were ended already: as the schema files mean it. What it lacks is passed over.
catalog::Catalog settled(catalog::Catalog catalog, const std::vector<Expansion>& expansions,
                         const std::string& default_schema);

// The table that an expansion is about.
std::optional<catalog::TableId> table_of(const catalog::Catalog& catalog, const Expansion& expansion,
                                         const std::string& default_schema);

// A name beside `name` that the engine takes; the same each time.
std::string name_beside(const std::string& name, std::string_view ending);

}  // namespace tenon::migrate
