#include "catalog/text_search.h"

#include <algorithm>
#include <string_view>

namespace tenon::catalog {

namespace {

constexpr std::string_view before_configuration = "to_tsvector('";
constexpr std::string_view after_configuration = "'::regconfig, ";

// What stands behind `to_tsvector('<configuration>'::regconfig, `, and the configuration.
struct Call {
  std::string_view configuration;
  std::string_view rest;
};

std::optional<Call> find_call(std::string_view expression) {
  const std::size_t start = expression.find(before_configuration);
  if (start == std::string_view::npos) return std::nullopt;
  const std::string_view tail = expression.substr(start + before_configuration.size());
  const std::size_t end = tail.find(after_configuration);
  if (end == std::string_view::npos) return std::nullopt;
  const std::string_view configuration = tail.substr(0, end);
  const bool plain = std::ranges::all_of(configuration, [](char c) {
    return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || (c >= '0' && c <= '9') || c == '_' || c == '.';
  });
  if (configuration.empty() || !plain) return std::nullopt;
  return Call{.configuration = configuration, .rest = tail.substr(end + after_configuration.size())};
}

// `body`, `"Body"`, as the engine writes a column's name in an expression.
bool is_column(std::string_view text, const std::string& name) {
  if (text == name) return true;
  std::string quoted = "\"";
  for (const char c : name) {
    if (c == '"') quoted += c;
    quoted += c;
  }
  return text == quoted + '"';
}

// The column alone or in COALESCE(column, ''), with the casts that PostgreSQL writes for varchar.
std::optional<TextSearch> over_column(const Call& call, const std::string& name) {
  constexpr std::string_view cast = "::text";
  constexpr std::string_view coalesce = "COALESCE(";
  std::string_view argument = call.rest;
  if (!argument.ends_with(')')) return std::nullopt;
  argument.remove_suffix(1);
  TextSearch found{.configuration = std::string(call.configuration)};
  if (argument.ends_with(cast)) argument.remove_suffix(cast.size());
  if (argument.starts_with('(') && argument.ends_with(')')) {
    argument.remove_prefix(1);
    argument.remove_suffix(1);
  }
  for (const std::string_view empty : {", ''::text)", ", ''::character varying)"}) {
    if (!argument.starts_with(coalesce) || !argument.ends_with(empty)) continue;
    argument.remove_prefix(coalesce.size());
    argument.remove_suffix(empty.size());
    found.coalesced = true;
  }
  return is_column(argument, name) ? std::optional(found) : std::nullopt;
}

}  // namespace

std::optional<TextSearch> text_search(const Catalog& catalog, ColumnId id) {
  const Column& column = catalog[id];
  if (column.type.is_array()) return std::nullopt;
  if (column.type.kind == TypeKind::tsvector) {
    TextSearch found{.is_vector = true};
    // Schema files have the expression of a generated column as its default.
    for (const std::string* expression : {&column.generated, &column.default_value.text})
      if (const auto call = find_call(*expression); call && found.configuration.empty())
        found.configuration = std::string(call->configuration);
    return found;
  }
  for (const IndexId index_id : catalog[column.table].indexes) {
    const Index& index = catalog[index_id];
    if (index.kind == IndexKind::fulltext && index.parts.size() == 1 && index.parts[0].column == id)
      return TextSearch{};
    if (index.parts.size() != 1 || index.parts[0].column || !index.predicate.empty()) continue;
    if (index.method != "gin" && index.method != "gist") continue;
    const std::string_view expression = index.parts[0].expression;
    if (!expression.starts_with(before_configuration)) continue;
    const auto call = find_call(expression);
    if (!call) continue;
    if (const auto found = over_column(*call, column.name)) return found;
  }
  return std::nullopt;
}

}  // namespace tenon::catalog
