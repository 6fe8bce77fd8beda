#include "cli/policy_schema.h"

#include <CLI/CLI.hpp>
#include <boost/json/parse.hpp>
#include <fmt/format.h>

#include "base/file.h"
#include "base/limits.h"
#include "cli/database.h"
#include "server/api_loader.h"

namespace tenon::cli {

void add_policy_schema_options(CLI::App& command, PolicyOptions& options) {
  command.add_option("--url", options.url, "The database, when tenon.toml does not name it")
      ->type_name("URL");
  command.add_option("--schema", options.schemas, "Its schemas; may be repeated")->type_name("NAME");
}

std::optional<PolicyProject> open_policy_project(Context& context, const PolicyOptions& options,
                                                 bool connect) {
  const auto failed = [&](const base::Error& error) -> std::optional<PolicyProject> {
    context.exit = fail(context, error);
    return std::nullopt;
  };
  auto project = open_project(context);
  if (!project) return failed(project.error());
  PolicyProject opened{.project = std::move(*project), .urls = {}, .schema = nullptr};
  const auto files = have_schema_files(opened.project);
  if (!files) return failed(files.error());
  if (connect || !*files) {
    base::Progress progress(context.err, context.err_terminal);
    auto found = find_databases(opened.project, options.url, Unnamed::existing, progress);
    if (!found) return failed(found.error());
    opened.urls = std::move(*found);
    progress.finish();
  }
  const auto loaded =
      server::load_api(opened.project, opened.urls, {.schemas = options.schemas, .ask_versions = connect});
  if (!loaded) return failed(loaded.error());
  if (!loaded->schema) {
    print(context, loaded->diagnostics, loaded->sources);
    context.exit = Exit::failed;
    return std::nullopt;
  }
  opened.schema = loaded->schema;
  return opened;
}

void add_principal_options(CLI::App& command, PrincipalOptions& options) {
  command.add_option("--as", options.as, "The claims of whom is meant: the payload of a token, as JSON")
      ->type_name("FILE");
  command
      .add_option("--provider", options.provider,
                  "How they are recognised: apiKey, or userPools with --as, unless given; oidc, "
                  "identityPool, function")
      ->type_name("PROVIDER");
  command.add_flag("--guest", options.guest, "Somebody of the identity pool who is not signed in");
}

base::Result<policy::Principal> read_principal(const Context& context, const PrincipalOptions& options) {
  const auto& [claims_file, provider, guest] = options;
  using policy::Provider;
  policy::Principal principal{.provider = claims_file.empty() ? Provider::api_key : Provider::user_pools,
                              .authenticated = !guest};
  if (guest) principal.provider = Provider::identity_pool;
  if (!provider.empty()) {
    const auto known = policy::parse_provider(provider);
    if (!known)
      return base::fail(base::code::usage_invalid, fmt::format("There is no provider {}.", provider),
                        "apiKey, userPools, oidc, identityPool or function");
    principal.provider = *known;
  }
  principal.name = guest ? "guest" : std::string(policy::name(principal.provider));
  if (claims_file.empty()) return principal;
  const auto text = base::read_file(context.start_folder / claims_file, base::project_file_bytes_max);
  if (!text) return std::unexpected(text.error());
  boost::system::error_code wrong;
  const boost::json::value claims = boost::json::parse(*text, wrong);
  if (wrong || !claims.is_object())
    return base::fail(base::code::usage_invalid, "The claims are no JSON object.",
                      "they are the payload of a token, for example {\"sub\": \"…\", \"username\": \"ada\"}",
                      claims_file);
  principal.claims = policy::Claims(claims.as_object());
  return principal;
}

}  // namespace tenon::cli
