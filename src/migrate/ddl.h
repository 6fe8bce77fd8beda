// Words of data definition that both engines' scripts are made of.
#pragma once

#include <string>
#include <string_view>
#include <vector>

#include "catalog/catalog.h"
#include "migrate/diff.h"
#include "migrate/render.h"

namespace tenon::migrate {

// `"a""b"`, MySQL `` `a``b` ``.
std::string quote_name(catalog::Engine engine, std::string_view name);
// `'it''s'`; MySQL doubles backslashes too.
std::string quote_text(catalog::Engine engine, std::string_view text);

// `"a", "b"`
std::string name_list(const catalog::Catalog& catalog, const std::vector<catalog::ColumnId>& columns,
                      std::string_view separator = ", ");

std::string_view action_words(catalog::ReferentialAction action);

// `(expression)`, unless it already stands in parentheses as a whole.
std::string in_parentheses(std::string_view expression);

// Whether a type is written as a bare number or true and false.
bool is_bare_literal(catalog::TypeKind kind);

// The statements of one step.
std::vector<Statement> render_postgres(const Difference& difference, const Step& step,
                                       const RenderOptions& options);
std::vector<Statement> render_mysql(const Difference& difference, const Step& step,
                                    const RenderOptions& options);

// Types and defaults, as each engine's definitions have them. `column` is one of `catalog`.
std::string postgres_type(const Difference& difference, const catalog::Catalog& catalog,
                          const catalog::ColumnType& type);
std::string postgres_default(const Difference& difference, const catalog::Catalog& catalog,
                             const catalog::Column& column);
std::string mysql_type(const catalog::Catalog& catalog, const catalog::ColumnType& type);
std::string mysql_default(const Difference& difference, const catalog::Column& column);

// The name that PostgreSQL gives to the sequence of a serial column.
std::string serial_sequence_name(std::string_view table, std::string_view column);

}  // namespace tenon::migrate
