#include "migrate/beyond_catalog.h"

#include <algorithm>
#include <array>
#include <cctype>
#include <string>
#include <utility>

namespace tenon::migrate {

namespace {

constexpr std::array<std::string_view, 15> about_rows{"INSERT", "UPDATE", "DELETE",   "MERGE",   "REPLACE",
                                                      "COPY",   "LOAD",   "DO",       "CALL",    "SELECT",
                                                      "WITH",   "VALUES", "TRUNCATE", "EXECUTE", "PREPARE"};
constexpr std::array<std::string_view, 4> about_rights{"GRANT", "REVOKE", "REASSIGN", "SECURITY"};
constexpr std::array<std::string_view, 3> of_objects{"CREATE", "ALTER", "DROP"};
// What a catalog has; before these words stand others: UNIQUE, TEMPORARY, OR REPLACE, MATERIALIZED.
constexpr std::array<std::string_view, 8> in_catalog{"TABLE", "INDEX",  "TYPE",      "SEQUENCE",
                                                     "VIEW",  "SCHEMA", "EXTENSION", "DOMAIN"};
constexpr std::array<std::string_view, 15> not_in_catalog{
    "FUNCTION", "PROCEDURE", "TRIGGER", "POLICY",   "RULE",        "AGGREGATE", "OPERATOR", "EVENT",
    "ROLE",     "USER",      "CAST",    "DATABASE", "PUBLICATION", "SERVER",    "DEFAULT"};
// ALTER TABLE … ENABLE ROW LEVEL SECURITY, DISABLE TRIGGER, OWNER TO.
constexpr std::array<std::string_view, 4> clauses{"SECURITY", "TRIGGER", "OWNER", "REPLICA"};

template <std::size_t N>
bool has(const std::array<std::string_view, N>& words, std::string_view word) {
  return std::ranges::find(words, word) != words.end();
}

// The first words of a statement in capitals; what stands in quotes is none.
std::vector<std::string> first_words(std::string_view text) {
  constexpr std::size_t words_max = 12;
  std::vector<std::string> words;
  std::string word;
  char quote = 0;
  for (const char c : text) {
    const auto byte = static_cast<unsigned char>(c);
    if (quote != 0) {
      if (c == quote) quote = 0;
    } else if (std::isalnum(byte) != 0 || c == '_') {
      word += static_cast<char>(std::toupper(byte));
    } else {
      if (!word.empty()) words.push_back(std::exchange(word, {}));
      if (c == '"' || c == '\'' || c == '`') quote = c;
      if (words.size() == words_max) return words;
    }
  }
  if (!word.empty()) words.push_back(std::move(word));
  return words;
}

bool is_object_beyond(const std::vector<std::string>& words) {
  const auto known = std::ranges::find_if(
      words, [](const std::string& word) { return has(in_catalog, word) || has(not_in_catalog, word); });
  if (known == words.end()) return true;
  if (has(not_in_catalog, *known)) return true;
  return words.front() == "ALTER" &&
         std::any_of(known, words.end(), [](const std::string& word) { return has(clauses, word); });
}

}  // namespace

std::vector<BeyondCatalog> beyond_catalog(std::string_view script,
                                          const std::vector<sql::ScriptStatement>& statements) {
  std::vector<BeyondCatalog> found;
  for (const sql::ScriptStatement& statement : statements) {
    const std::vector<std::string> words = first_words(statement.text(script));
    if (words.empty()) continue;
    const bool rows = has(about_rows, words.front());
    const bool object =
        has(about_rights, words.front()) || (has(of_objects, words.front()) && is_object_beyond(words));
    if (rows || object) found.push_back({.statement = statement, .changes_rows = rows});
  }
  return found;
}

}  // namespace tenon::migrate
