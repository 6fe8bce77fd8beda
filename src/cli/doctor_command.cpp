// tenon doctor: what stands between here and the databases of the project.

#include <ostream>

#include <CLI/CLI.hpp>
#include <boost/asio/co_spawn.hpp>
#include <boost/asio/detached.hpp>
#include <boost/asio/io_context.hpp>
#include <fmt/format.h>

#include "base/json_writer.h"
#include "cli/commands.h"
#include "cli/database.h"
#include "cli/help.h"
#include "cli/serving.h"
#include "cli/table_keys.h"
#include "server/api_loader.h"
#include "server/doctor.h"
#include "sql/open.h"
#include "sql/reach.h"

namespace tenon::cli {

namespace {

using server::Finding;
using server::Findings;
using server::Verdict;
using namespace std::chrono_literals;

constexpr std::chrono::milliseconds step_patience{5'000};
constexpr std::chrono::seconds session_patience{60};

struct DoctorOptions {
  std::string url;
  std::vector<std::string> schemas;
  bool json = false;
};

struct Checkup {
  std::string name;    // of [databases.NAME]; empty when there is one
  std::string target;  // host:port/database; empty when that is not known
  Findings findings;
};

Finding of_error(std::string_view check, const base::Error& error) {
  return {.check = check,
          .verdict = Verdict::bad,
          .text = fmt::format("{}{} [{}]", error.place.empty() ? "" : error.place + ": ", error.message,
                              error.code.text),
          .remedy = error.help};
}

Finding skipped(std::string_view check) {
  return {.check = check, .verdict = Verdict::skipped, .text = "not looked at.", .remedy = {}};
}

// What a person does about a refused log-in, which the engines' own words only hint at.
std::string credentials_remedy(const sql::DatabaseError& error, const base::Error& explained) {
  if (error.message.find("pg_hba.conf") != std::string::npos)
    return "let this user come from this machine: a line for it in pg_hba.conf, then SELECT pg_reload_conf()";
  if (error.sqlstate == "53300" || error.message.find("Too many connections") != std::string::npos)
    return "the server has no connection left: end idle ones, or raise max_connections";
  return explained.help;
}

// The session's own findings, or why there is none.
Findings examine_session(const sql::DatabaseUrl& url, const sql::SessionOptions& options,
                         const server::SessionNeeds& needs) {
  Findings findings;
  boost::asio::io_context io(1);
  boost::asio::co_spawn(
      io,
      [&]() -> boost::asio::awaitable<void> {
        auto connection = co_await sql::connect(url, options, sql::Clock::now() + step_patience);
        if (!connection) {
          const base::Error error = sql::to_error(connection.error(), url.target());
          Finding finding = of_error("credentials", error);
          finding.remedy = credentials_remedy(connection.error(), error);
          findings = {std::move(finding), skipped("privileges")};
          co_return;
        }
        findings.push_back(
            {.check = "credentials", .text = fmt::format("{} is let in.", url.user), .remedy = {}});
        Findings rest =
            co_await server::examine_session(**connection, needs, sql::Clock::now() + session_patience);
        std::ranges::move(rest, std::back_inserter(findings));
      },
      boost::asio::detached);
  io.run();
  return findings;
}

class Doctor {
 public:
  Doctor(Context& context, const server::Project& project, const DoctorOptions& options)
      : project_(project),
        config_(with_flags(project.config, {})),
        options_(options),
        progress_(context.err, context.err_terminal) {}

  std::vector<Checkup> examine() {
    std::vector<Checkup> checkups;
    server::DatabaseUrls urls;
    for (const server::Project& one : server::projects_by_database(project_))
      urls.push_back(begin(one, checkups));
    load(urls, checkups);
    for (std::size_t i = 0; i < checkups.size(); ++i)
      if (urls[i]) examine_session_of(*urls[i], static_cast<std::uint32_t>(i), checkups[i]);
    progress_.finish();
    return checkups;
  }

 private:
  // Finds the URL and looks at the way to it; nothing when a session would be in vain.
  std::optional<sql::DatabaseUrl> begin(const server::Project& one, std::vector<Checkup>& checkups) {
    Checkup& checkup = checkups.emplace_back();
    if (!project_.config.databases.empty())
      checkup.name = project_.config.databases[checkups.size() - 1].name;
    const bool several = !project_.config.databases.empty();
    const auto url = find_database(one, options_.url, several ? std::nullopt : datasource_of(one),
                                   Unnamed::existing, progress_);
    if (!url) {
      checkup.findings.push_back(of_error("configuration", url.error()));
      return std::nullopt;
    }
    checkup.target = url->target();
    progress_.step(fmt::format("the way to {}", checkup.target));
    const sql::Reach reach = sql::reach(*url, step_patience);
    checkup.findings =
        server::judge_way(reach, sql::tls_wish(*url),
                          std::chrono::floor<std::chrono::seconds>(std::chrono::system_clock::now()));
    if (reach.open()) return *url;
    checkup.findings.push_back(skipped("credentials"));
    return std::nullopt;
  }

  // The API, for what it does with which table. Without schema files a database that is out of reach leaves
  // none.
  void load(const server::DatabaseUrls& urls, std::vector<Checkup>& checkups) {
    progress_.step("the tables of the API");
    auto loaded =
        server::load_api(project_, urls, {.open_without_overlay = true, .schemas = options_.schemas});
    if (!loaded) {
      load_error_ = loaded.error();
    } else if (!loaded->schema) {
      load_error_ = {.code = base::code::schema_invalid,
                     .message = "The schema files or the overlay have errors.",
                     .help = "tenon check shows them",
                     .place = {}};
    } else {
      schema_ = loaded->schema;
      add_missing_keys(checkups);
    }
  }

  void add_missing_keys(std::vector<Checkup>& checkups) {
    const catalog::Catalog& catalog = *schema_->catalog;
    for (const catalog::TableId table : tables_without_key(catalog)) {
      base::Diagnostics warnings;
      warn_of_missing_key(catalog, table, warnings);
      for (const base::Diagnostic& each : warnings.all())
        checkups[catalog.database_of(table).value].findings.push_back(
            {.check = "keys", .verdict = Verdict::warning, .text = each.message, .remedy = each.help});
    }
  }

  void examine_session_of(const sql::DatabaseUrl& url, std::uint32_t database, Checkup& checkup) {
    progress_.step(fmt::format("a session at {}", checkup.target));
    const base::PoolLimits pool = sql::with_url_limits(config_.pool_limits, url);
    server::SessionNeeds needs{.engine = url.engine,
                               .user = url.user,
                               .connections = std::uint64_t{config_.threads} * pool.connections_max};
    if (schema_) needs.tables = server::needs_of(*schema_, catalog::DatabaseId{database});
    const sql::Pooler pooler =
        config_.databases.empty() ? config_.pooler : config_.databases[database].pooler;
    Findings found = examine_session(url, {.pooler = pooler}, needs);
    // Between the way and what the tables lack, which was known before.
    const auto keys = std::ranges::find(checkup.findings, "keys", &Finding::check);
    checkup.findings.insert(keys, std::make_move_iterator(found.begin()),
                            std::make_move_iterator(found.end()));
    const bool let_in = std::ranges::none_of(checkup.findings, [](const Finding& each) {
      return each.check == "credentials" && each.verdict == Verdict::bad;
    });
    if (load_error_ && let_in) checkup.findings.push_back(of_error("schema", *load_error_));
  }

  const server::Project& project_;
  server::Config config_;  // with the number of threads
  const DoctorOptions& options_;
  base::Progress progress_;
  std::shared_ptr<const api::Schema> schema_;
  std::optional<base::Error> load_error_;
};

std::size_t count(const std::vector<Checkup>& checkups, Verdict verdict) {
  std::size_t all = 0;
  for (const Checkup& checkup : checkups)
    all += static_cast<std::size_t>(std::ranges::count(checkup.findings, verdict, &Finding::verdict));
  return all;
}

std::string as_json(const std::vector<Checkup>& checkups) {
  std::string text;
  base::JsonWriter json(text);
  json.begin_object().member("healthy", count(checkups, Verdict::bad) == 0).key("databases").begin_array();
  for (const Checkup& checkup : checkups) {
    json.begin_object();
    if (!checkup.name.empty()) json.member("name", checkup.name);
    json.member("target", checkup.target).key("findings").begin_array();
    for (const Finding& each : checkup.findings) {
      json.begin_object().member("check", each.check).member("verdict", to_string(each.verdict));
      json.member("text", each.text);
      if (!each.remedy.empty()) json.member("remedy", each.remedy);
      json.end_object();
    }
    json.end_array().end_object();
  }
  json.end_array().end_object();
  return text + "\n";
}

std::string mark(Verdict verdict, bool colour) {
  switch (verdict) {
    case Verdict::good:
      return base::toned("✓", base::Tone::good, colour);
    case Verdict::warning:
      return base::toned("!", base::Tone::warning, colour);
    case Verdict::bad:
      return base::toned("✗", base::Tone::bad, colour);
    case Verdict::skipped:
      return base::toned("-", base::Tone::dim, colour);
  }
  return {};
}

std::string as_text(const std::vector<Checkup>& checkups, bool colour) {
  std::string text;
  for (const Checkup& checkup : checkups) {
    const std::string title = checkup.name.empty() || checkup.target.empty()
                                  ? checkup.name + checkup.target
                                  : checkup.name + " (" + checkup.target + ")";
    if (!title.empty()) text += base::toned(base::printable(title), base::Tone::strong, colour) + "\n";
    for (const Finding& each : checkup.findings) {
      text += fmt::format("  {} {} {}\n", mark(each.verdict, colour),
                          base::toned(fmt::format("{:<13}", each.check), base::Tone::dim, colour), each.text);
      if (!each.remedy.empty())
        text += fmt::format("    {:<13} {} {}\n", "", base::toned("→", base::Tone::dim, colour), each.remedy);
    }
    text += "\n";
  }
  const std::size_t bad = count(checkups, Verdict::bad);
  const std::size_t warnings = count(checkups, Verdict::warning);
  if (bad > 0)
    return text + fmt::format("{} {}, {}.\n", mark(Verdict::bad, colour), number_of(bad, "problem"),
                              number_of(warnings, "warning"));
  return text + (warnings > 0 ? fmt::format("{} Nothing stands in the way; {}.\n",
                                            mark(Verdict::good, colour), number_of(warnings, "warning"))
                              : fmt::format("{} Nothing stands in the way.\n", mark(Verdict::good, colour)));
}

Exit doctor(Context& context, const DoctorOptions& options) {
  const auto project = open_project(context);
  if (!project) return fail(context, project.error());
  if (!options.url.empty() && !project->config.databases.empty())
    return fail_usage(context, "--url names one database, and tenon.toml has several.",
                      "choose one of them with --database NAME");
  const std::vector<Checkup> checkups = Doctor(context, *project, options).examine();
  context.out << (options.json ? as_json(checkups) : as_text(checkups, context.out_terminal.colour));
  return count(checkups, Verdict::bad) > 0 ? Exit::findings : Exit::ok;
}

}  // namespace

void add_doctor_command(CLI::App& app, Context& context) {
  CLI::App* command =
      app.add_subcommand("doctor", "Find what stands between here and the database, with a remedy for each");
  command->group(group::production);
  const auto options = std::make_shared<DoctorOptions>();
  command
      ->add_option("--url", options->url, "The database, instead of the configured one (env:NAME works too)")
      ->type_name("URL");
  command
      ->add_option("--schema", options->schemas,
                   "Its schemas, when there are no schema files; may be repeated")
      ->type_name("NAME");
  command->add_flag("--json", options->json, "The findings as JSON, for monitoring and CI");
  command->footer(
      "tenon doctor                          # exit code 3 when something stands in the way\n"
      "tenon doctor --url env:DATABASE_URL\n"
      "tenon doctor --json | jq '.databases[].findings[] | select(.verdict != \"good\")'");
  command->callback([&context, options] { context.exit = doctor(context, *options); });
}

}  // namespace tenon::cli
