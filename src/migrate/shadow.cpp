#include "migrate/shadow.h"

#include <fmt/format.h>

#include "base/hash.h"
#include "base/limits.h"
#include "sql/fragment.h"
#include "sql/introspect.h"

namespace tenon::migrate {

namespace {

constexpr std::string_view name_prefix = "tenon_shadow_";
constexpr std::string_view purpose = "tenon shadow database";

base::Error cannot_make(const base::Error& reason) {
  return {.code = base::code::shadow_database_failed,
          .message = fmt::format("The shadow database cannot be made: {}", reason.message),
          .help = reason.help.empty() ? "name one with --shadow-url, or [database] shadow_url in tenon.toml"
                                      : reason.help};
}

// A database without a session is nobody's: a living run keeps one open.
void remove_left_overs(const Server& server, Session& session) {
  const auto rows = server.unused_databases(session, name_prefix);
  if (!rows) return;
  for (const Row& row : *rows) static_cast<void>(session.run(server.removal(row[0].value_or(""))));
}

bool same_database(const sql::DatabaseUrl& a, const sql::DatabaseUrl& b) {
  return a.host == b.host && a.port == b.port && a.database == b.database;
}

}  // namespace

base::Result<Shadow> Shadow::create(const sql::DatabaseUrl& server, const std::vector<std::string>& schemas) {
  auto session = Session::open(server, std::string(purpose));
  if (!session) return std::unexpected(cannot_make(sql::to_error(session.error(), server.target())));
  const Server& kind = server_of(server.engine);
  remove_left_overs(kind, *session);
  sql::DatabaseUrl url = server;
  url.database = fmt::format("{}{}", name_prefix, base::random_hex(8));
  url.schemas = schemas;
  const auto made = session->run(kind.shadow_creation(url.database));
  if (!made) return std::unexpected(cannot_make(explain(*session, made.error())));
  auto target = open_target(url, {.purpose = std::string(purpose)});
  if (!target) return std::unexpected(cannot_make(target.error()));
  return Shadow(std::move(*target), true);
}

base::Result<Shadow> Shadow::use(const sql::DatabaseUrl& url, const sql::DatabaseUrl& main,
                                 const std::vector<std::string>& schemas) {
  if (same_database(url, main))
    return base::fail(base::code::shadow_database_failed,
                      "The shadow database is the main database, and would be emptied.",
                      "name another one with --shadow-url, or [database] shadow_url in tenon.toml");
  auto target = open_target(url, {.purpose = std::string(purpose), .create_missing = true});
  if (!target) return std::unexpected(cannot_make(target.error()));
  if (auto cleared = clear_schemas(*target, schemas); !cleared)
    return std::unexpected(cannot_make(cleared.error()));
  return Shadow(std::move(*target), false);
}

void Shadow::take_defaults_of(const sql::DatabaseUrl& main) {
  if (main.database.empty()) return;
  auto session = Session::open(main, std::string(purpose));
  if (session) target_->server().copy_defaults(*session, target_->session);
}

Shadow::~Shadow() {
  if (!target_ || !drop_) return;
  const sql::DatabaseUrl url = target_->session.url();
  target_.reset();
  static_cast<void>(drop_database(url));
}

base::Result<void> Shadow::replay(const std::vector<const Migration*>& migrations,
                                  const ApplyOptions& options) {
  for (const Migration* migration : migrations) {
    auto done = run_script(*target_, *migration, options);
    if (done) continue;
    base::Error error = std::move(done.error());
    if (error.code != base::code::migration_failed) return std::unexpected(std::move(error));
    error.code = base::code::migration_fails_on_shadow;
    error.message = "On an empty shadow database: " + error.message;
    return std::unexpected(std::move(error));
  }
  return {};
}

base::Result<catalog::Catalog> Shadow::read(const std::vector<std::string>& schemas) {
  return sql::introspect_url(
      target_->session.url(),
      {.schemas = schemas, .deadline = sql::Clock::now() + base::introspection_timeout});
}

base::Result<DatabaseObjects> Shadow::read_objects(const std::vector<std::string>& schemas) {
  return migrate::read_objects(target_->session, schemas);
}

}  // namespace tenon::migrate
