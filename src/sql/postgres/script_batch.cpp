#include "sql/postgres/script_batch.h"

#include <algorithm>
#include <optional>
#include <string_view>

#include "sql/postgres/parse_tree.h"
#include "sql/postgres/script_tree.h"

namespace tenon::sql::postgres {

namespace json = boost::json;

namespace {

constexpr std::string_view where = "where";
// Words that are looked at, none of them more than once in an ordinary statement.
constexpr std::size_t words_looked_at = 100;

// The statement of `text` when it is one, of this kind; the array keeps it.
const json::object* only(const std::optional<json::array>& tree, std::string_view kind) {
  if (!tree || tree->size() != 1) return nullptr;
  const auto node = statement_in(tree->front());
  return node && node->kind == kind ? node->body : nullptr;
}

// Behind the WHERE of the statement. What is before it has to be a statement by itself, and what is behind it
// an expression, so that a word in a string, a comment or a subquery is not taken for it.
std::optional<std::uint32_t> find_condition(const std::string& statement, std::string_view kind) {
  std::string folded = statement;
  std::ranges::transform(folded, folded.begin(),
                         [](char c) { return static_cast<char>(c >= 'A' && c <= 'Z' ? c + 32 : c); });
  std::size_t at = folded.find(where);
  for (std::size_t i = 0; at != std::string::npos && i < words_looked_at; ++i) {
    const auto head = parse_tree(statement.substr(0, at));
    const std::size_t end = at + where.size();
    if (only(head, kind) != nullptr &&
        only(parse_tree("SELECT 1 WHERE (" + statement.substr(end) + "\n)"), "SelectStmt") != nullptr)
      return static_cast<std::uint32_t>(end);
    at = folded.find(where, end);
  }
  return std::nullopt;
}

}  // namespace

BatchReading read_batch(const std::string& statement) {
  const auto tree = parse_tree(statement);
  const json::object* const updates = only(tree, "UpdateStmt");
  const json::object* const node = updates != nullptr ? updates : only(tree, "DeleteStmt");
  if (node == nullptr) return std::unexpected("it is no UPDATE or DELETE");
  if (node->contains("withClause")) return std::unexpected("it begins with WITH");
  if (node->contains("fromClause") || node->contains("usingClause"))
    return std::unexpected("it reads other tables beside its own (a subquery may)");
  if (node->contains("returningList")) return std::unexpected("it has RETURNING");
  if (!node->contains("whereClause")) return std::unexpected("it has no WHERE");
  const auto condition = find_condition(statement, updates != nullptr ? "UpdateStmt" : "DeleteStmt");
  if (!condition) return std::unexpected("its WHERE is not a condition of its own");
  BatchStatement read{
      .table = relation_of(*node, "relation"), .condition = *condition, .deletes = updates == nullptr};
  if (const json::object* table = object_of(*node, "relation"))
    if (const json::object* alias = object_of(*table, "alias")) read.alias = text_of(*alias, "aliasname");
  return read;
}

}  // namespace tenon::sql::postgres
