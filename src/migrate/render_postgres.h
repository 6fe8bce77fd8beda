// What the files that write PostgreSQL's statements share.
#pragma once

#include <string>
#include <string_view>
#include <vector>

#include "migrate/ddl.h"
#include "migrate/diff.h"
#include "migrate/render.h"

namespace tenon::migrate {

inline std::string quote(std::string_view name) { return quote_name(catalog::Engine::postgresql, name); }

// Names of objects, with their schema where they need one.
class PostgresNames {
 public:
  explicit PostgresNames(const Difference& difference);
  std::string prefix(const catalog::Catalog& catalog, catalog::NamespaceId schema) const;
  std::string qualified(const catalog::Catalog& catalog, catalog::NamespaceId schema,
                        std::string_view name) const;
  std::string table(const catalog::Catalog& catalog, catalog::TableId id) const;
  // Of the catalog before.
  std::string introspected(catalog::NamespaceId schema, std::string_view name) const;

 private:
  const Difference& difference_;
};

// `"a" INTEGER NOT NULL DEFAULT 1`
std::string postgres_column(const Difference& difference, const catalog::Catalog& catalog,
                            const catalog::Column& column);

// Whether the default takes its values from a sequence that is not the column's own.
bool uses_free_sequence(const catalog::Catalog& catalog, const catalog::Column& column);

// `public."T_id_seq"`
std::string sequence_path(std::string_view schema, std::string_view name);

std::vector<Statement> render_postgres_alter(const Difference& difference, const AlterTable& step,
                                             const RenderOptions& options);

}  // namespace tenon::migrate
