#include "cli/migrate_change.h"

#include <charconv>
#include <set>
#include <utility>

#include <CLI/CLI.hpp>
#include <fmt/format.h>

#include "sql/fragment.h"

namespace tenon::cli {

namespace {

using migrate::CountQuestion;

std::string count_statement(const catalog::Catalog& before, const CountQuestion& question) {
  const catalog::Table& table = before[question.table];
  sql::Text text = migrate::text_for(before.engine);
  // MySQL: the session's database, which is not the one that the catalog was read from.
  const bool has_schemas = before.engine == catalog::Engine::postgresql;
  (text << "SELECT count(*) FROM ").qualified(has_schemas ? before[table.schema].name : "", table.name);
  if (question.column) {
    (text << " WHERE ").name(before[*question.column].name);
    text << (question.kind == CountQuestion::Kind::nulls ? sql::Literal(" IS NULL")
                                                         : sql::Literal(" IS NOT NULL"));
  }
  return text.take();
}

// An unknown count is no answer: a table that the live database lacks.
std::optional<std::uint64_t> count(migrate::Target& target, const std::string& statement) {
  const auto rows = target.session.run(statement);
  if (!rows) return std::nullopt;
  const std::string digits = migrate::cell(*rows);
  std::uint64_t value = 0;
  std::from_chars(digits.data(), digits.data() + digits.size(), value);
  return value;
}

}  // namespace

void add_change_options(CLI::App& command, ChangeOptions& options) {
  command
      .add_option(
          "--rename", options.renames,
          "Something has a new name and keeps its data: Post=Article, Post.title=Post.headline; may be "
          "repeated")
      ->type_name("OLD=NEW");
  command.add_flag("--online", options.online,
                   "Write forms that let the application go on: indexes made concurrently, keys validated "
                   "later, values in batches, renames and removals in two steps (--contract is the second)");
}

base::Result<migrate::DiffOptions> diff_options(const MigrateProject& project, const ChangeOptions& options,
                                                migrate::Pair<migrate::Origin> origins) {
  migrate::DiffOptions made{.origins = origins, .default_schema = project.default_schema()};
  made.names_schemas = project.schema && !project.schema->datasource.schemas.empty();
  for (const std::string& text : options.renames) {
    const auto sign = text.find('=');
    if (sign == std::string::npos || sign == 0 || sign + 1 == text.size())
      return base::fail(base::code::usage_invalid, fmt::format("\"{}\" is no rename.", base::printable(text)),
                        "write it as --rename OLD=NEW, with names of the database", "--rename");
    made.renames.push_back({.from = text.substr(0, sign), .to = text.substr(sign + 1)});
  }
  return made;
}

migrate::Difference difference_of(const MigrateProject& project, const catalog::Catalog& from,
                                  const catalog::Catalog& to) {
  return migrate::diff({.before = &from, .after = &to},
                       {.origins = {.before = migrate::Origin::database, .after = migrate::Origin::database},
                        .default_schema = project.default_schema(),
                        .enum_order = true});
}

migrate::Difference ask_for_renames(Context& context, migrate::Pair<const catalog::Catalog*> catalogs,
                                    migrate::DiffOptions& asked) {
  std::set<std::pair<std::string, std::string>> refused;
  const auto is_refused = [&](const migrate::RenameCandidate& candidate) {
    return refused.contains({candidate.rename.from, candidate.rename.to});
  };
  for (;;) {
    migrate::Difference difference = migrate::diff(catalogs, asked);
    std::erase_if(difference.candidates, is_refused);
    if (difference.candidates.empty()) return difference;
    const migrate::Rename& rename = difference.candidates.front().rename;
    const auto answer = ask(
        context, fmt::format("{} goes and {} comes. Is it a new name for the same?", rename.from, rename.to));
    if (!answer) return difference;
    if (*answer)
      asked.renames.push_back(rename);
    else
      refused.emplace(rename.from, rename.to);
  }
}

base::Result<migrate::Findings> check_live(migrate::Target& target, const migrate::Difference& difference) {
  migrate::Statistics statistics;
  for (const CountQuestion& question : migrate::questions(difference))
    if (const auto rows = count(target, count_statement(difference.before(), question)))
      statistics.set(question, *rows);
  return migrate::check(difference, statistics);
}

void suggest_renames(Context& context, const migrate::Difference& difference) {
  base::Diagnostics shown;
  for (const migrate::RenameCandidate& candidate : difference.candidates)
    shown.add({.severity = base::Severity::note,
               .code = base::code::data_loss,
               .message = fmt::format("{} goes and {} comes, and they are alike.", candidate.rename.from,
                                      candidate.rename.to),
               .help = fmt::format("when it is a new name for the same: --rename {}={}",
                                   candidate.rename.from, candidate.rename.to)});
  for (const migrate::Rename& unknown : difference.unknown_renames)
    shown.warning(base::code::usage_invalid,
                  fmt::format("--rename {}={} names nothing that changed.", unknown.from, unknown.to));
  print(context, shown, {});
}

void warn_of_loss(Context& context, const migrate::Findings& findings) {
  base::Diagnostics shown;
  for (const migrate::Finding& finding : findings.warnings)
    shown.warning(base::code::data_loss, finding.message);
  print(context, shown, {});
}

base::Error impossible_change(const migrate::Findings& findings, std::string help) {
  std::string message = "The rows that are there do not allow this:";
  for (const migrate::Finding& finding : findings.unexecutable) message += "\n  " + finding.message;
  return {.code = base::code::change_impossible, .message = std::move(message), .help = std::move(help)};
}

PlannedChange plan_change(const migrate::Difference& difference, const migrate::DiffOptions& asked,
                          const ChangeOptions& options) {
  if (!options.online || difference.origins.before != migrate::Origin::database) return {.rest = difference};
  auto expanded = std::make_unique<migrate::Expanded>(migrate::expand(difference, asked));
  auto rest = migrate::diff({.before = &expanded->made, .after = difference.catalogs.after}, asked);
  return {.expanded = std::move(expanded), .rest = std::move(rest)};
}

std::string script_text(const PlannedChange& change, const ChangeOptions& options, bool with_warnings) {
  const migrate::Script script = migrate::render(change.rest, {.online = options.online});
  std::string text;
  if (change.expanded) {
    text = migrate::expand_lines(change.expanded->expansions);
    if (!text.empty()) text += '\n';
    if (!change.expanded->script.empty()) text += change.expanded->script + '\n';
    if (!text.empty() && script.empty()) return text;
  }
  return text +
         (with_warnings ? migrate::to_text(script, migrate::check(change.rest)) : migrate::to_text(script));
}

std::string open_text(const std::vector<migrate::Expansion>& open) {
  if (open.empty()) return {};
  std::string text = "Begun with --online, and not ended:\n";
  for (const migrate::Expansion& each : open) text += fmt::format("  {}\n", base::printable(to_string(each)));
  return text + "When no version that runs uses the old: tenon migrate dev --contract\n";
}

std::vector<migrate::Expansion> open_expansions(const migrate::Folder& folder) {
  std::vector<const migrate::Migration*> all;
  for (const migrate::Migration& each : folder.migrations) all.push_back(&each);
  return migrate::open_expansions(all);
}

}  // namespace tenon::cli
