// Whether two columns, indexes or foreign keys that belong together are the same.
#pragma once

#include <optional>
#include <vector>

#include "catalog/catalog.h"
#include "migrate/diff.h"
#include "migrate/match.h"

namespace tenon::migrate {

class Comparison {
 public:
  // All three must outlive it.
  Comparison(const Catalogs& catalogs, const DiffOptions& options, const Matches& matches)
      : before_(*catalogs.before), after_(*catalogs.after), options_(options), matches_(matches) {}

  // Everything is compared, not only what schema files can say.
  bool exact() const {
    return options_.origins.before == Origin::database && options_.origins.after == Origin::database;
  }

  ColumnChange columns(Pair<catalog::ColumnId> columns) const;

  // Apart from their names.
  bool same_index(const catalog::Index& before, const catalog::Index& after) const;
  bool same_foreign_key(const catalog::ForeignKey& before, const catalog::ForeignKey& after) const;

  // Whether the side that is wanted has a word for the index. What it has none for stays.
  bool is_known(const catalog::Index& before) const;

 private:
  void compare_types(const catalog::Column& before, const catalog::Column& after, ColumnChange& change) const;
  bool same_enum(const catalog::ColumnType& before, const catalog::ColumnType& after) const;
  Cast enum_cast_mysql(const catalog::ColumnType& before, const catalog::ColumnType& after,
                       ColumnChange& change) const;
  bool same_default(const catalog::Column& before, const catalog::Column& after) const;
  bool has_no_default_mysql(const catalog::Column& before, const catalog::Column& after) const;
  bool same_literal(const catalog::Column& before, const catalog::Column& after) const;
  bool same_value(const catalog::Column& before, const catalog::Column& after, const std::string& one,
                  const std::string& other) const;
  bool same_parts(const catalog::Index& before, const catalog::Index& after) const;
  bool same_columns(const std::vector<catalog::ColumnId>& before,
                    const std::vector<catalog::ColumnId>& after) const;

  const catalog::Catalog& before_;
  const catalog::Catalog& after_;
  const DiffOptions& options_;
  const Matches& matches_;
};

// A moment as microseconds since 1970 in UTC, without a zone taken as UTC; also of a date or a time of day
// alone. nullopt when the text is none.
std::optional<std::int64_t> moment_of(std::string_view text);

// A number in one form: 1.50 is 1.5.
std::string plain_number(std::string_view text);

}  // namespace tenon::migrate
