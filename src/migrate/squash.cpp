#include "migrate/squash.h"

#include <algorithm>

#include <fmt/format.h>

#include "base/terminal.h"
#include "migrate/directive.h"
#include "migrate/history.h"
#include "migrate/undo.h"

namespace tenon::migrate {

namespace {

using StateKind = MigrationState::Kind;

constexpr std::string_view verb = "squashes";

bool is_applied(const State& state, const std::string& name) {
  return std::ranges::any_of(state.migrations, [&](const MigrationState& each) {
    return each.name == name && (each.kind == StateKind::applied || each.kind == StateKind::missing);
  });
}

base::Error only_some(const std::string& name, const std::vector<std::string>& replaced,
                      const std::string& missing, std::size_t applied) {
  return {.code = base::code::history_differs,
          .message = fmt::format("{} stands for {} migrations, and the database has {} of them.",
                                 base::printable(name), replaced.size(), applied),
          .help = fmt::format("bring {} back from version control and deploy it first; then the squash",
                              base::printable(missing))};
}

sql::DatabaseResult<void> record(Target& target, const Migration& squash,
                                 const std::vector<std::string>& replaced) {
  for (const std::string& name : replaced)
    if (auto undone = record_undone(target, name); !undone) return undone;
  return record_applied(target, squash.name, checksum(*squash.text));
}

base::Result<void> take_over(Target& target, const Migration& squash,
                             const std::vector<std::string>& replaced) {
  auto done = target.session.begin();
  if (done) done = record(target, squash, replaced);
  if (done) done = target.session.commit();
  if (done) return {};
  target.session.roll_back();
  return std::unexpected(explain(target.session, done.error()));
}

}  // namespace

std::vector<std::string> squashed_by(std::string_view script) {
  std::vector<std::string> names;
  for (const Line& line : lines_of(script, 0, script.size())) {
    const auto said = directive_in(line.text);
    if (!said || said->verb != verb) break;
    names.emplace_back(said->rest);
  }
  return names;
}

std::string squash_lines(const std::vector<const Migration*>& migrations) {
  std::string text;
  for (const Migration* each : migrations) text += fmt::format("-- tenon: {} {}\n", verb, each->name);
  return text + "\n";
}

std::string joined(const std::vector<const Migration*>& migrations) {
  std::string text;
  for (const Migration* each : migrations) {
    std::string_view script = *each->text;
    while (!script.empty() && static_cast<unsigned char>(script.back()) <= ' ') script.remove_suffix(1);
    text += fmt::format("{}-- {}\n\n{}\n", text.empty() ? "" : "\n", each->name, script);
    // A last statement without its semicolon would run into the next script.
    if (!script.ends_with(';')) text += ";\n";
  }
  return text;
}

base::Result<std::vector<std::string>> take_over_squashed(Target& target, const Folder& folder,
                                                          const State& state) {
  std::vector<std::string> taken;
  for (const MigrationState* pending : state.of(StateKind::pending)) {
    const Migration& squash = *folder.find(pending->name);
    const std::vector<std::string> replaced = squashed_by(*squash.text);
    std::vector<std::string> missing;
    std::ranges::copy_if(replaced, std::back_inserter(missing),
                         [&](const std::string& name) { return !is_applied(state, name); });
    if (missing.size() == replaced.size()) continue;
    if (!missing.empty())
      return std::unexpected(
          only_some(squash.name, replaced, missing.front(), replaced.size() - missing.size()));
    if (auto done = take_over(target, squash, replaced); !done) return std::unexpected(done.error());
    taken.push_back(squash.name);
  }
  return taken;
}

}  // namespace tenon::migrate
