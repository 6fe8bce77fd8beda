#include "api/plan/parameters.h"

#include <algorithm>
#include <cassert>
#include <utility>

#include <fmt/format.h>

#include "api/rules/policy.h"
#include "api/values/identifiers.h"
#include "api/values/scalar_checks.h"
#include "api/values/scalars.h"
#include "base/base64.h"
#include "base/json_writer.h"

namespace tenon::api {

using graphql::InputNode;
using graphql::InputTree;

namespace {

bool same_origin(const graphql::InputOrigin& a, const graphql::InputOrigin& b) {
  return a.variable == b.variable && a.steps == b.steps;
}

// PostgreSQL cannot hold it, and the text would end there on its way: a filter for less than was asked.
constexpr std::string_view nul_refused = "a text cannot hold the character U+0000";

constexpr std::string_view claim_refused =
    "a claim of the credential has not the form that a rule of the API compares with";

bool has_nul(std::string_view text) { return text.find('\0') != std::string_view::npos; }

// `\`, `%` and `_` mean something in a pattern; a user's text means itself.
std::string escaped_pattern(std::string_view text, std::string_view before) {
  std::string pattern(before);
  for (const char c : text) {
    if (c == '\\' || c == '%' || c == '_') pattern += '\\';
    pattern += c;
  }
  pattern += '%';
  return pattern;
}

// PostgreSQL refuses a pattern that ends in an escape only when a row's text leads it that far, which would
// tell of rows that are not shown.
ParameterText pattern_text(std::string_view pattern) {
  const std::size_t last = pattern.find_last_not_of('\\');
  const std::size_t escapes = pattern.size() - (last == std::string_view::npos ? 0 : last + 1);
  if (escapes % 2 == 1)
    return std::unexpected("the pattern ends in a backslash, which quotes nothing; write it twice");
  return std::string(pattern);
}

// A value of an input type as JSON, with the names of the API.
void append_json(std::string& out, const InputTree& tree, const InputNode& node,
                 const graphql::Schema& types) {
  switch (node.kind) {
    case graphql::InputKind::object:
    case graphql::InputKind::list: {
      // A custom scalar has its JSON already.
      if (node.child_count == 0 && !node.text.empty()) {
        out += node.text;
        return;
      }
      const bool is_object = node.kind == graphql::InputKind::object;
      out += is_object ? '{' : '[';
      bool first = true;
      for (const InputNode& child : tree.children(node)) {
        if (!std::exchange(first, false)) out += ',';
        if (is_object) {
          base::append_json_string(out, types[child.definition].name);
          out += ':';
        }
        append_json(out, tree, child, types);
      }
      out += is_object ? '}' : ']';
      return;
    }
    case graphql::InputKind::string:
    case graphql::InputKind::enum_:
      return base::append_json_string(out, node.text);
    case graphql::InputKind::null:
      out += "null";
      return;
    default:
      out += node.text;
  }
}

ParameterText array_text(const Schema& schema, const InputTree& tree, const InputNode& list,
                         catalog::ColumnId column, const base::OperationLimits& limits) {
  if (list.child_count > limits.filter_list_max)
    return std::unexpected(fmt::format("a list in a filter may hold at most {} values, this one has {}",
                                       limits.filter_list_max, list.child_count));
  std::string array = "{";
  for (const InputNode& child : tree.children(list)) {
    const catalog::Column& type = (*schema.catalog)[column];
    const auto text = input_text(*schema.catalog, type, tree, child, type.type.is_array());
    if (!text) return std::unexpected(text.error());
    append_array_element(array, *text);
  }
  array += '}';
  return array;
}

ParameterText texts_array(const InputTree& tree, const InputNode& list, const base::OperationLimits& limits) {
  if (list.child_count > limits.filter_list_max)
    return std::unexpected(fmt::format("a list in a filter may hold at most {} values, this one has {}",
                                       limits.filter_list_max, list.child_count));
  std::string array = "{";
  if (list.kind != graphql::InputKind::list) append_array_element(array, list.text);
  for (const InputNode& child : tree.children(list)) {
    if (has_nul(child.text)) return std::unexpected(std::string(nul_refused));
    append_array_element(array, child.text);
  }
  array += '}';
  return array;
}

ParameterText pair_text(const Schema& schema, const InputTree& tree, const InputNode& list,
                        catalog::ColumnId column, std::uint32_t part) {
  if (list.kind != graphql::InputKind::list || list.child_count != 2)
    return std::unexpected("between takes a list of exactly two values: the lowest and the highest wanted");
  return input_text(*schema.catalog, (*schema.catalog)[column], tree, tree.children(list)[part]);
}

// As a column of that kind would write it.
ParameterText number_text(const catalog::Catalog& catalog, const InputTree& tree, const InputNode& node,
                          catalog::TypeKind kind) {
  catalog::Column column;
  column.type.kind = kind;
  return input_text(catalog, column, tree, node);
}

}  // namespace

bool operator==(const ParameterSource& a, const ParameterSource& b) {
  return a.kind == b.kind && a.form == b.form && a.part == b.part && a.column == b.column &&
         a.text == b.text && same_origin(a.origin, b.origin) && a.elements == b.elements &&
         a.step == b.step && a.row == b.row && a.otherwise == b.otherwise &&
         a.otherwise_part == b.otherwise_part && a.ordering == b.ordering;
}

sql::ParameterIndex Parameters::add(ParameterSource source) {
  // Fresh values differ each time they are made.
  if (source.kind != ParameterSource::Kind::generated) {
    const auto found = std::ranges::find(sources_, source);
    if (found != sources_.end()) return {static_cast<std::uint32_t>(found - sources_.begin())};
  }
  sources_.push_back(std::move(source));
  return {static_cast<std::uint32_t>(sources_.size() - 1)};
}

void append_array_element(std::string& array, std::optional<std::string_view> element) {
  if (array.size() > 1) array += ',';
  if (!element) {
    array += "NULL";
    return;
  }
  const auto plain = [](char c) {
    return (c >= '0' && c <= '9') || (c >= 'a' && c <= 'z') || c == '-' || c == '.';
  };
  // A word of letters could read as NULL, so only what starts like a number or a uuid goes unquoted.
  if (!element->empty() && (element->front() < 'a' || element->size() == 36) &&
      std::ranges::all_of(*element, plain)) {
    array += *element;
    return;
  }
  array += '"';
  for (const char c : *element) {
    if (c == '"' || c == '\\') array += '\\';
    array += c;
  }
  array += '"';
}

ParameterText parameter_text(const Schema& schema, const InputTree& tree, const InputNode& node,
                             catalog::ColumnId column, ParameterForm form, std::uint32_t part,
                             const base::OperationLimits& limits) {
  const catalog::Catalog& catalog = *schema.catalog;
  if (node.is_null()) return std::nullopt;
  if (has_nul(node.text)) return std::unexpected(std::string(nul_refused));
  switch (form) {
    case ParameterForm::value:
    case ParameterForm::element:
      if (auto problem = scalar_problem(schema.overlay, catalog[column].scalar, tree, node))
        return std::unexpected(fmt::format("{}: {}", catalog[column].field_name, *problem));
      return input_text(catalog, catalog[column], tree, node, form == ParameterForm::element);
    case ParameterForm::json: {
      std::string json;
      append_json(json, tree, node, *schema.graphql);
      return json;
    }
    case ParameterForm::array:
      return array_text(schema, tree, node, column, limits);
    case ParameterForm::texts:
      return texts_array(tree, node, limits);
    case ParameterForm::pair:
      return pair_text(schema, tree, node, column, part);
    case ParameterForm::verbatim:
      return std::string(node.text);
    case ParameterForm::pattern:
      return pattern_text(node.text);
    case ParameterForm::substring:
      return escaped_pattern(node.text, "%");
    case ParameterForm::prefix:
      return escaped_pattern(node.text, "");
    case ParameterForm::words:
      return schema.dialect_of(catalog[column].table).search_words(node.text);
    case ParameterForm::integer:
      return number_text(catalog, tree, node, catalog::TypeKind::int64);
    case ParameterForm::decimal:
      return number_text(catalog, tree, node, catalog::TypeKind::decimal);
    case ParameterForm::floating:
      return number_text(catalog, tree, node, catalog::TypeKind::float64);
  }
  return std::nullopt;
}

std::expected<void, graphql::Error> Binder::bind(const std::vector<ParameterSource>& sources,
                                                 std::vector<sql::Parameter>& bound) {
  for (const ParameterSource& source : sources) {
    if (source.kind == ParameterSource::Kind::constant) {
      bound.emplace_back(source.text ? sql::Parameter(*source.text) : std::nullopt);
      continue;
    }
    if (source.kind == ParameterSource::Kind::parent_key || source.kind == ParameterSource::Kind::row ||
        source.kind == ParameterSource::Kind::row_keys || source.kind == ParameterSource::Kind::step_keys) {
      bound.emplace_back(std::nullopt);
      continue;
    }
    ParameterText value = text(source);
    if (value && *value && has_nul(**value) && !is_raw_binary(*schema_.catalog, source.column))
      value = std::unexpected(std::string(nul_refused));
    if (!value)
      return std::unexpected(
          graphql::Error{.message = std::move(value.error()), .code = graphql::code::bad_user_input});
    if (!*value) {
      bound.emplace_back(std::nullopt);
      continue;
    }
    assert(texts_.size() < texts_.capacity());
    texts_.push_back(std::move(**value));
    bound.emplace_back(texts_.back());
  }
  return {};
}

ParameterText Binder::text(const ParameterSource& source) const {
  switch (source.kind) {
    case ParameterSource::Kind::variable: {
      const InputNode* node = variables_.find(source.origin);
      if (node == nullptr) return std::nullopt;
      return parameter_text(schema_, variables_.tree, *node, source.column, source.form, source.part,
                            limits_);
    }
    case ParameterSource::Kind::list:
      return list_text(source);
    case ParameterSource::Kind::token:
      return token_text(source);
    case ParameterSource::Kind::generated: {
      const catalog::Column& column = (*schema_.catalog)[source.column];
      if (column.updated_at || is_time_of_change(column))
        return current_time_text(schema_.catalog->engine_of(column.table) == catalog::Engine::mysql
                                     ? TimeZone::none
                                     : TimeZone::kept);
      return make_identifier(column.client_default);
    }
    case ParameterSource::Kind::claim:
      return claim_text(source);
    case ParameterSource::Kind::constant:
    case ParameterSource::Kind::parent_key:
    case ParameterSource::Kind::row:
    case ParameterSource::Kind::row_keys:
    case ParameterSource::Kind::step_keys:
      break;
  }
  return source.text;
}

namespace {

// A claim is a text, whatever the column's values are written as.
ParameterText text_of_claim(const Schema& schema, const std::string& value, catalog::ColumnId column,
                            ParameterForm form, const base::OperationLimits& limits) {
  using graphql::InputKind;
  const InputTree none;
  ParameterText text;
  for (const InputKind kind : {InputKind::string, InputKind::int_, InputKind::float_, InputKind::enum_}) {
    const InputNode node{.kind = kind, .text = value};
    text = parameter_text(schema, none, node, column, form, 0, limits);
    if (text) break;
  }
  return text;
}

// Of the claims of a credential that are compared with a column, those that have the form of its values.
std::string array_of_claims(const Schema& schema, const std::vector<std::string>& values,
                            const ParameterSource& source, const base::OperationLimits& limits) {
  const bool texts = source.form == ParameterForm::texts;
  const ParameterForm form = texts                                              ? ParameterForm::verbatim
                             : (*schema.catalog)[source.column].type.is_array() ? ParameterForm::element
                                                                                : ParameterForm::value;
  std::string array = "{";
  for (const std::string& value : values) {
    const ParameterText text = text_of_claim(schema, value, source.column, form, limits);
    if (text) append_array_element(array, *text);
  }
  array += '}';
  return array;
}

}  // namespace

ParameterText Binder::claim_text(const ParameterSource& source) const {
  const ClaimValue& claim = schema_.policy->claims[static_cast<std::size_t>(source.origin.variable)];
  const std::vector<std::string> values = claim.kind == ClaimValue::Kind::identities
                                              ? policy::identities(claims_, claim.names)
                                              : claims_.texts(claim.names.front());
  if (source.form == ParameterForm::array || source.form == ParameterForm::texts)
    return array_of_claims(schema_, values, source, limits_);
  const catalog::TypeKind kind = (*schema_.catalog)[source.column].type.kind;
  const bool json = kind == catalog::TypeKind::json || kind == catalog::TypeKind::jsonb;
  if (json && claim.kind == ClaimValue::Kind::identities && source.form == ParameterForm::value)
    return "[" + base::json_string(values.front()) + "]";
  for (const std::string& value : values)
    if (auto text = text_of_claim(schema_, value, source.column, source.form, limits_)) return text;
  return std::unexpected(std::string(claim_refused));
}

ParameterText Binder::list_text(const ParameterSource& source) const {
  std::string array = "{";
  for (const ParameterSource& element : source.elements) {
    const ParameterText value = text(element);
    if (!value) return value;
    append_array_element(array, *value);
  }
  array += '}';
  return array;
}

ParameterText Binder::token_text(const ParameterSource& source) const {
  std::string_view text = source.text ? std::string_view(*source.text) : std::string_view{};
  if (source.origin.variable >= 0) {
    const InputNode* node = variables_.find(source.origin);
    if (node == nullptr) return std::nullopt;
    text = node->text;
  }
  const auto token = decode_page_token(text);
  if (!token || token->ordering != source.ordering || source.part >= token->values.size())
    return std::unexpected(std::string(page_token_message));
  const std::optional<std::string>& value = token->values[source.part];
  if (!value || !is_raw_binary(*schema_.catalog, source.column)) return value;
  const auto bytes = base::decode_base64(*value);
  if (!bytes) return std::unexpected(std::string(page_token_message));
  return *bytes;
}

}  // namespace tenon::api
