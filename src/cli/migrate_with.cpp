#include "cli/migrate_with.h"

#include <ostream>

#include <fmt/format.h>
#include <fmt/ranges.h>

#include "cli/shell.h"
#include "migrate/history.h"
#include "migrate/import.h"

namespace tenon::cli {

namespace {

using Versions = std::vector<std::string>;

constexpr std::string_view default_command = "alembic upgrade head";

// While it runs, and when it fails.
std::string running_name() { return std::string(migrate::guest_prefix) + "upgrade"; }

base::Result<Versions> versions(migrate::Target& target) {
  const auto found = migrate::versions_of(migrate::Migrator::alembic, target);
  if (!found) return std::unexpected(found.error());
  return found->value_or(Versions());
}

base::Result<void> checked(const migrate::Target& target, const sql::DatabaseResult<void>& done) {
  if (!done) return std::unexpected(explain(target.session, done.error()));
  return {};
}

// The row says where the database is now; when nothing happened there is none.
sql::DatabaseResult<void> close_row(migrate::Target& target, const std::string& id, const Versions& before,
                                    const Versions& now) {
  sql::Text text = migrate::text_for(target.engine());
  if (before == now) {
    ((text << "DELETE FROM ").qualified(target.schema, "_prisma_migrations") << " WHERE id = ").parameter(0);
    auto removed = target.session.query(text.take(), {id});
    if (!removed) return std::unexpected(removed.error());
    return {};
  }
  (text << "UPDATE ").qualified(target.schema, "_prisma_migrations");
  (text << " SET migration_name = ").parameter(0);
  (text << " WHERE id = ").parameter(1);
  const std::string name = fmt::format("{}{}", migrate::guest_prefix, fmt::join(now, "+"));
  auto named = target.session.query(text.take(), {name, id});
  if (!named) return std::unexpected(named.error());
  return migrate::record_success(target, id);
}

base::Result<std::string> open_row(migrate::Target& target, const std::string& command) {
  const auto history = migrate::read_history(target);
  if (!history) return std::unexpected(history.error());
  if (!*history)
    if (auto made = migrate::create_history(target); !made) return std::unexpected(made.error());
  if (auto replaced = checked(target, migrate::record_roll_back(target, running_name())); !replaced)
    return std::unexpected(replaced.error());
  const auto id = migrate::record_start(target, running_name(), migrate::checksum(command));
  if (!id) return std::unexpected(explain(target.session, id.error()));
  return *id;
}

}  // namespace

Exit deploy_with(Context& context, const MigrateProject& project, const std::string& tool,
                 const std::string& given) {
  if (tool != "alembic")
    return fail_usage(context, "tenon migrate deploy --with takes alembic.",
                      "tenon migrate deploy --with alembic");
  const std::string command = given.empty() ? std::string(default_command) : given;
  base::Progress progress(context.err, context.err_terminal);
  auto target = open_locked(project, "tenon migrate deploy", progress);
  if (!target) return fail(context, target.error());
  const auto before = versions(*target);
  if (!before) return fail(context, before.error());
  const auto id = open_row(*target, command);
  if (!id) return fail(context, id.error());
  progress.step(command);
  const int code = run_by_shell(command, project.project.folder, url_text(project.url));
  const auto now = versions(*target);
  if (!now) return fail(context, now.error());
  if (code != 0) {
    const std::string why = fmt::format("{} ended with exit code {}.", command, code);
    static_cast<void>(migrate::record_failure(*target, *id, why));
    return fail(context, {.code = base::code::migration_failed,
                          .message = why,
                          .help = "correct it, and run the same again; what it did is what it says itself"});
  }
  if (auto closed = checked(*target, close_row(*target, *id, *before, *now)); !closed)
    return fail(context, closed.error());
  progress.finish();
  if (*before == *now)
    context.out << fmt::format("Nothing is pending: {} is at {}.\n", target->name(), fmt::join(*now, ", "));
  else
    context.out << fmt::format("{} is at {}.\n", target->name(), fmt::join(*now, ", "));
  return Exit::ok;
}

}  // namespace tenon::cli
