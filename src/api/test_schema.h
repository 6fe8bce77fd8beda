// A small blog and building its schema, for tests.
#pragma once

#include <memory>
#include <string>
#include <utility>

#include <fmt/format.h>

#include "api/schema/schema.h"
#include "api/test_catalog.h"

namespace tenon::api {

inline catalog::Column id_column(std::string name = "id") {
  return with_default(test_column(std::move(name), catalog::TypeKind::int64, "bigint"),
                      catalog::Default::Kind::autoincrement);
}
inline catalog::Column text_column(std::string name) {
  return test_column(std::move(name), catalog::TypeKind::text, "text");
}

// Messages of the findings, a line each.
inline std::string messages(const base::Diagnostics& diagnostics) {
  std::string out;
  for (const base::Diagnostic& finding : diagnostics.all())
    out += fmt::format("{}: {}\n", finding.code.text, finding.message);
  return out;
}

struct Built {
  std::shared_ptr<const Schema> schema;
  std::string messages;
};

inline Built build(const std::shared_ptr<catalog::Catalog>& catalog) {
  base::Diagnostics diagnostics;
  auto schema = build_schema(catalog, open_overlay(*catalog), diagnostics);
  return {schema, messages(diagnostics)};
}

inline TestCatalog blog() {
  TestCatalog c;
  const auto status =
      c.add_enum("post_status", "PostStatus", {{"draft", "draft"}, {"in-review", "in_review"}});
  c.add({.name = "author",
         .model_name = "Author",
         .columns = {id_column(), text_column("name"), nullable(text_column("bio"))},
         .comment = "Somebody who writes."});
  c.add({.name = "author_profile",
         .model_name = "AuthorProfile",
         .columns = {test_column("author_id", catalog::TypeKind::int64, "bigint"),
                     nullable(text_column("website"))},
         .key = {"author_id"},
         .foreign_keys = {{{"author_id"}, "author", {"id"}, "author", "profile"}}});
  c.add({.name = "post",
         .model_name = "Post",
         .columns = {test_column("id", catalog::TypeKind::uuid, "uuid"), text_column("title"),
                     nullable(test_column("author_id", catalog::TypeKind::int64, "bigint")),
                     TestCatalog::enum_column("status", status), nullable(list_of(text_column("tags"))),
                     with_default(test_column("created_at", catalog::TypeKind::timestamptz),
                                  catalog::Default::Kind::now),
                     nullable(test_column("meta", catalog::TypeKind::jsonb)),
                     nullable(test_column("price", catalog::TypeKind::decimal)),
                     nullable(test_column("body", catalog::TypeKind::bytes)),
                     nullable(test_column("place", catalog::TypeKind::geometry, "point"))},
         .foreign_keys = {{{"author_id"}, "author", {"id"}, "author", "posts"}}});
  c.add({.name = "seat",
         .model_name = "Seat",
         .columns = {text_column("venue"), test_column("row_no", catalog::TypeKind::int32),
                     nullable(text_column("holder"))},
         .key = {"venue", "row_no"}});
  return c;
}

}  // namespace tenon::api
