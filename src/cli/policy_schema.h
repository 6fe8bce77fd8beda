// What the commands of `tenon policy` share: the API with its rules, and who is meant by --as.
#pragma once

#include <filesystem>
#include <memory>
#include <optional>
#include <string>
#include <vector>

#include "api/schema/schema.h"
#include "base/terminal.h"
#include "cli/context.h"
#include "policy/principal.h"
#include "server/project.h"
#include "server/server_versions.h"

namespace CLI {
class App;
}

namespace tenon::cli {

struct PolicyOptions {
  std::string url;
  std::vector<std::string> schemas;
};
void add_policy_schema_options(CLI::App& command, PolicyOptions& options);

// Who is meant.
struct PrincipalOptions {
  std::string as;  // a file of claims
  std::string provider;
  bool guest = false;

  bool given() const { return !as.empty() || !provider.empty() || guest; }
};
// --as, --provider and --guest.
void add_principal_options(CLI::App& command, PrincipalOptions& options);

struct PolicyProject {
  server::Project project;
  server::DatabaseUrls urls;  // empty: schema files tell everything, and no database was asked for
  std::shared_ptr<const api::Schema> schema;
};

// `connect`: the databases are about to be used. Shows findings; nullopt after it has said what is wrong and
// set the exit.
std::optional<PolicyProject> open_policy_project(Context& context, const PolicyOptions& options,
                                                 bool connect);

// The principal that a file of claims (the payload of a token, JSON) and a provider stand for: of user pools
// when there are claims, else a holder of an API key, unless it is given. TN1003, TN1006.
base::Result<policy::Principal> read_principal(const Context& context, const PrincipalOptions& options);

}  // namespace tenon::cli
