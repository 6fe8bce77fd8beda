// PostgreSQL's own parse tree (libpg_query) as JSON, and how to read a node of it: {"IndexStmt": {"idxname":
// "i", "relation": {…}}}. Members that have their default value are left out of it.
#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>

#include <boost/json.hpp>

namespace tenon::sql::postgres {

// The statements of `text`, each {"stmt": {"IndexStmt": {…}}}. nullopt when the grammar of PostgreSQL 15 does
// not know them, or when they are nested deeper than limits.h allows.
std::optional<boost::json::array> parse_tree(const std::string& text);

// A node and its kind.
struct TreeNode {
  std::string_view kind;                      // IndexStmt
  const boost::json::object* body = nullptr;  // never null once read
};
// The one member of `wrapped`; nullopt when it is none.
std::optional<TreeNode> node_in(const boost::json::value& wrapped);
// The statement of an element of parse_tree's array.
std::optional<TreeNode> statement_in(const boost::json::value& element);

// Members of a node; empty, false or null when it has none of the kind.
std::string text_of(const boost::json::object& node, std::string_view key);
bool flag_of(const boost::json::object& node, std::string_view key);
std::int64_t number_of(const boost::json::object& node, std::string_view key);
const boost::json::object* object_of(const boost::json::object& node, std::string_view key);
// Empty when there is none.
const boost::json::array& list_of(const boost::json::object& node, std::string_view key);
// The body of `wrapped` when it is a node of the kind `name`.
const boost::json::object* inner(const boost::json::value& wrapped, std::string_view name);

}  // namespace tenon::sql::postgres
