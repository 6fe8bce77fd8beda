#include "sql/postgres/parse_tree.h"

#include <pg_query.h>

#include "base/limits.h"

namespace tenon::sql::postgres {

namespace json = boost::json;

std::optional<json::array> parse_tree(const std::string& text) {
  const PgQueryParseResult parsed = pg_query_parse(text.c_str());
  boost::system::error_code error;
  json::parse_options options;
  options.max_depth = base::parse_tree_depth_max;
  json::value tree =
      parsed.error == nullptr ? json::parse(parsed.parse_tree, error, {}, options) : json::value();
  pg_query_free_parse_result(parsed);
  json::object* const root = error ? nullptr : tree.if_object();
  json::value* const statements = root != nullptr ? root->if_contains("stmts") : nullptr;
  if (statements == nullptr || !statements->is_array()) return std::nullopt;
  return std::move(statements->get_array());
}

std::optional<TreeNode> node_in(const json::value& wrapped) {
  const json::object* const object = wrapped.if_object();
  if (object == nullptr || object->empty()) return std::nullopt;
  const json::object* const body = object->begin()->value().if_object();
  if (body == nullptr) return std::nullopt;
  return TreeNode{.kind = object->begin()->key(), .body = body};
}

std::optional<TreeNode> statement_in(const json::value& element) {
  const json::object* const object = element.if_object();
  const json::value* const statement = object != nullptr ? object->if_contains("stmt") : nullptr;
  return statement != nullptr ? node_in(*statement) : std::nullopt;
}

std::string text_of(const json::object& node, std::string_view key) {
  const json::value* found = node.if_contains(key);
  return found != nullptr && found->is_string() ? std::string(found->get_string()) : std::string();
}

bool flag_of(const json::object& node, std::string_view key) {
  const json::value* found = node.if_contains(key);
  return found != nullptr && found->is_bool() && found->get_bool();
}

std::int64_t number_of(const json::object& node, std::string_view key) {
  const json::value* found = node.if_contains(key);
  return found != nullptr && found->is_int64() ? found->get_int64() : 0;
}

const json::object* object_of(const json::object& node, std::string_view key) {
  const json::value* found = node.if_contains(key);
  return found != nullptr ? found->if_object() : nullptr;
}

const json::array& list_of(const json::object& node, std::string_view key) {
  static const json::array none;
  const json::value* found = node.if_contains(key);
  const json::array* const list = found != nullptr ? found->if_array() : nullptr;
  return list != nullptr ? *list : none;
}

const json::object* inner(const json::value& wrapped, std::string_view name) {
  const json::object* object = wrapped.if_object();
  return object != nullptr ? object_of(*object, name) : nullptr;
}

}  // namespace tenon::sql::postgres
