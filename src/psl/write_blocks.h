// The blocks of a written schema, one function each; for write.cpp.
#pragma once

#include <string>

#include "catalog/catalog.h"
#include "psl/write.h"

namespace tenon::psl {

// The lines of text above a model that say what the language cannot, without `/// `.
std::vector<std::string> model_comments(const catalog::Catalog& catalog, catalog::TableId table);

struct BlockStyle {
  bool names_schemas = false;          // @@schema on every block
  std::string datasource_name = "db";  // before the dot of native types
};

std::string model_block(const catalog::Catalog& catalog, catalog::TableId table, const BlockStyle& style);
std::string enum_block(const catalog::Catalog& catalog, catalog::EnumId id, const BlockStyle& style);

// The warnings of `db pull` about the whole catalog.
void warn_about_losses(const catalog::Catalog& catalog, base::Diagnostics& diagnostics);

}  // namespace tenon::psl
