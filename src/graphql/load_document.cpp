// text → Document → ValidDocument: what happens to a document once, before its operations run many times.
#include <memory>
#include <utility>

#include "graphql/operation.h"
#include "graphql/parser.h"
#include "graphql/validation.h"

namespace tenon::graphql {

std::expected<ValidDocument, Errors> load_document(std::shared_ptr<const Schema> schema, std::string text,
                                                   const base::DocumentLimits& limits) {
  auto parsed = parse(std::move(text), limits);
  if (!parsed) return std::unexpected(Errors{std::move(parsed.error())});
  auto document = std::make_shared<const Document>(std::move(*parsed));
  if (Errors errors = validate(*schema, *document, limits); !errors.empty())
    return std::unexpected(std::move(errors));
  return ValidDocument{.schema = std::move(schema), .document = std::move(document)};
}

}  // namespace tenon::graphql
