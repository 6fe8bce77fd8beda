// Scripts as what they do, with the approvals in their comments.
#include <algorithm>
#include <set>

#include "migrate/directive.h"
#include "migrate/lint.h"
#include "migrate/target.h"
#include "sql/mysql/script_actions.h"
#include "sql/postgres/script.h"

namespace tenon::migrate {

namespace {

std::vector<std::string_view> words(std::string_view codes) {
  std::vector<std::string_view> found;
  constexpr std::string_view between = ", \t";
  while (true) {
    const auto begin = codes.find_first_not_of(between);
    if (begin == std::string_view::npos) return found;
    const auto end = std::min(codes.find_first_of(between, begin), codes.size());
    found.push_back(codes.substr(begin, end - begin));
    codes.remove_prefix(end);
  }
}

// The comments between two statements; the rest of the former's last line is not above the latter.
void read_approvals(std::string_view text, std::size_t begin, std::size_t end, LintScript& script,
                    std::vector<std::string>& approved) {
  if (begin > 0) begin = std::min(text.find('\n', begin), end);
  for (const Line& line : lines_of(text, begin, end)) {
    const auto approval = approval_in(line.text);
    if (!approval) continue;
    for (const std::string_view word : words(approval->codes)) {
      if (find_lint_rule(word) == nullptr)
        script.unknown.push_back({.word = std::string(word),
                                  .begin = static_cast<std::uint32_t>(line.begin),
                                  .end = static_cast<std::uint32_t>(line.begin + line.text.size())});
      (approval->for_file ? script.approved : approved).emplace_back(word);
    }
  }
}

// The statements with what they do.
std::vector<LintStatement> read_statements(catalog::Engine engine, std::string_view text) {
  std::vector<LintStatement> statements;
  if (engine == catalog::Engine::postgresql) {
    for (sql::postgres::ReadStatement& each : sql::postgres::read_script(text))
      statements.push_back({.place = std::move(each.place), .actions = std::move(each.actions)});
    return statements;
  }
  for (sql::ScriptStatement& place : split_script(engine, text)) {
    auto actions = sql::mysql::script_actions(place.text(text));
    statements.push_back({.place = std::move(place), .actions = std::move(actions)});
  }
  return statements;
}

}  // namespace

LintScript read_lint_script(catalog::Engine engine, const Migration& migration) {
  LintScript script{.migration = &migration};
  const std::string_view text = *migration.text;
  std::size_t last_end = 0;
  for (LintStatement& statement : read_statements(engine, text)) {
    read_approvals(text, last_end, statement.place.begin, script, statement.approved);
    last_end = statement.place.end;
    script.statements.push_back(std::move(statement));
  }
  return script;
}

std::vector<sql::ObjectName> tables_of(std::span<const LintScript> scripts) {
  std::vector<sql::ObjectName> tables;
  std::set<sql::ObjectName> seen;
  const auto add = [&](const sql::ObjectName& name) {
    if (!name.name.empty() && seen.insert(name).second) tables.push_back(name);
  };
  for (const LintScript& script : scripts)
    for (const LintStatement& statement : script.statements)
      for (const sql::ScriptAction& action : statement.actions) {
        add(action.object);
        if (action.act == sql::Act::attach_partition)
          add({.schema = action.object.schema, .name = action.to});
      }
  return tables;
}

}  // namespace tenon::migrate
