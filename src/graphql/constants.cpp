#include "graphql/constants.h"

#include <limits>

#include <fmt/format.h>

#include "graphql/parser.h"

namespace tenon::graphql {

namespace {

// These texts are our own or an operator's, not a client's.
base::DocumentLimits no_limits() {
  base::DocumentLimits limits;
  limits.bytes_max = std::numeric_limits<std::uint32_t>::max();
  limits.tokens_max = std::numeric_limits<std::uint32_t>::max();
  return limits;
}

Error no_constant(std::string_view text, std::string_view why) {
  return {.message = fmt::format("The default value {} cannot be read: {}", text, why),
          .code = code::schema_invalid};
}

}  // namespace

std::expected<Constants, Error> parse_constants(const std::vector<std::string>& texts) {
  if (texts.empty()) return {};
  for (const std::string& text : texts)
    if (const auto alone = parse_value(text, no_limits()); !alone)
      return std::unexpected(no_constant(text, alone.error().message));
  std::string list = "[";
  for (const std::string& text : texts) list.append(text).append("\n");  // the line end closes a comment
  auto document = parse_value(list.append("]"), no_limits());
  if (!document) return std::unexpected(no_constant(list, document.error().message));
  Constants constants{.document = std::move(*document)};
  const Value& root = constants.document.values.back();
  const auto first = constants.document.list_items.begin() + root.children.first;
  constants.values.assign(first, first + root.children.count);
  return constants;
}

}  // namespace tenon::graphql
