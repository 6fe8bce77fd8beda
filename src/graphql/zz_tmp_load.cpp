#include "graphql/operation.h"
#include "graphql/parser.h"
namespace tenon::graphql {
std::expected<ValidDocument, Errors> load_document(std::shared_ptr<const Schema> schema, std::string text,
                                                   const base::DocumentLimits& limits) {
  auto d = parse(std::move(text), limits);
  if (!d) return std::unexpected(Errors{d.error()});
  return ValidDocument{schema, std::make_shared<const Document>(std::move(*d))};
}
}
