#include "psl/check/configuration_blocks.h"

#include <algorithm>
#include <ranges>

#include <fmt/format.h>

#include "psl/check/values.h"

namespace tenon::psl {

using base::code::schema_invalid;

bool keep_properties(const base::SourceSet& sources, const Block& block,
                     std::vector<std::pair<std::string, std::string>>& properties,
                     base::Diagnostics& diagnostics) {
  for (const Property& property : block.properties)
    properties.emplace_back(property.key.text,
                            property.value ? std::string(sources.text(property.value->span)) : "");
  const auto empty = std::ranges::find_if(block.properties, [](const Property& p) { return !p.value; });
  if (empty == block.properties.end()) return true;
  diagnostics.error(
      schema_invalid,
      fmt::format("Property {} in {} {} needs to be assigned a value", empty->key.text,
                  block.kind == BlockKind::datasource ? "datasource" : "generator", block.name.text),
      block.span);
  return false;
}

const Property* find_property(const Block& block, std::string_view key) {
  for (const Property& property : std::views::reverse(block.properties))
    if (property.key.text == key) return &property;
  return nullptr;
}

std::optional<UrlSource> string_or_environment(const Expression& value, base::Diagnostics& diagnostics) {
  if (value.kind == Expression::Kind::string)
    return UrlSource{.text = base::Secret(value.text), .environment = {}};
  if (value.kind != Expression::Kind::function || value.text != "env") {
    report_mismatch("String", value, diagnostics);
    return std::nullopt;
  }
  bool has_value = false;
  for (const Argument& argument : value.arguments) {
    if (argument.name && argument.value)
      diagnostics.warning(schema_invalid, "The env function doesn't expect named arguments", argument.span);
    has_value = has_value || argument.value.has_value();
  }
  if (!value.arguments.empty() && !has_value) {
    diagnostics.error(schema_invalid, "The env function expects a singular, unnamed, string argument.",
                      value.span);
    return std::nullopt;
  }
  if (value.arguments.size() != 1) {
    diagnostics.error(schema_invalid, "Exactly one string parameter must be passed to the env function.",
                      value.span);
    return std::nullopt;
  }
  const std::string* const variable = expect_string(*value.arguments.front().value, diagnostics);
  if (variable == nullptr) return std::nullopt;
  return UrlSource{.text = {}, .environment = *variable};
}

}  // namespace tenon::psl
