#include "migrate/ddl.h"

#include <algorithm>
#include <array>

namespace tenon::migrate {

using namespace catalog;

std::string quote_name(Engine engine, std::string_view name) {
  const char quote = engine == Engine::mysql ? '`' : '"';
  std::string out(1, quote);
  for (const char c : name) out.append(c == quote ? 2 : 1, c);
  return out + quote;
}

std::string quote_text(Engine engine, std::string_view text) {
  std::string out = "'";
  for (const char c : text) out.append(c == '\'' || (c == '\\' && engine == Engine::mysql) ? 2 : 1, c);
  return out + '\'';
}

std::string name_list(const Catalog& catalog, const std::vector<ColumnId>& columns,
                      std::string_view separator) {
  std::string list;
  for (const ColumnId column : columns) {
    if (!list.empty()) list += separator;
    list += quote_name(catalog.engine, catalog[column].name);
  }
  return list;
}

std::string_view action_words(ReferentialAction action) {
  switch (action) {
    case ReferentialAction::no_action:
      return "NO ACTION";
    case ReferentialAction::restrict:
      return "RESTRICT";
    case ReferentialAction::cascade:
      return "CASCADE";
    case ReferentialAction::set_null:
      return "SET NULL";
    case ReferentialAction::set_default:
      return "SET DEFAULT";
  }
  return {};
}

std::string in_parentheses(std::string_view expression) {
  int depth = 0;
  char quote = 0;
  bool whole = expression.starts_with('(') && expression.ends_with(')');
  for (std::size_t i = 0; i < expression.size() && whole; ++i) {
    const char c = expression[i];
    if (quote != 0) {
      if (c == quote) quote = 0;
      continue;
    }
    if (c == '\'' || c == '"' || c == '`') quote = c;
    if (c == '(') ++depth;
    if (c == ')' && --depth == 0 && i + 1 < expression.size()) whole = false;
  }
  if (whole && depth == 0) return std::string(expression);
  return "(" + std::string(expression) + ")";
}

bool is_bare_literal(TypeKind kind) {
  constexpr std::array kinds{TypeKind::boolean, TypeKind::int8,  TypeKind::int16,   TypeKind::int24,
                             TypeKind::int32,   TypeKind::int64, TypeKind::float32, TypeKind::float64,
                             TypeKind::decimal, TypeKind::oid,   TypeKind::year};
  return std::ranges::find(kinds, kind) != kinds.end();
}

}  // namespace tenon::migrate
