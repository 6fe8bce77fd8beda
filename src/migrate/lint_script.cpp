// Scripts as what they do, with the approvals in their comments.
#include <algorithm>
#include <set>

#include "migrate/directive.h"
#include "migrate/lint.h"
#include "migrate/target.h"
#include "sql/mysql/script_actions.h"
#include "sql/postgres/script_actions.h"

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

std::vector<sql::ScriptAction> actions_of(catalog::Engine engine, std::string_view statement) {
  if (engine == catalog::Engine::mysql) return sql::mysql::script_actions(statement);
  return sql::postgres::script_actions(std::string(statement));
}

}  // namespace

LintScript read_lint_script(catalog::Engine engine, const Migration& migration) {
  LintScript script{.migration = &migration};
  const std::string_view text = *migration.text;
  std::size_t last_end = 0;
  for (sql::ScriptStatement& place : split_script(engine, text)) {
    LintStatement statement;
    read_approvals(text, last_end, place.begin, script, statement.approved);
    statement.actions = actions_of(engine, place.text(text));
    last_end = place.end;
    statement.place = std::move(place);
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
