// Files of `tenon policy test`: who asks what, and what the answer has to be (docs/authorization.md).
#pragma once

#include <map>
#include <optional>
#include <string>
#include <vector>

#include "base/diagnostic.h"
#include "base/source.h"
#include "policy/principal.h"

namespace tenon::server {

struct PolicyCase {
  std::string name;
  std::string place;  // file:line
  policy::Principal principal;
  std::string seed;  // SQL that runs first, of the file and then of the case
  std::string query;
  std::string variables = "{}";  // a JSON object
  // What is expected; what is not given is not looked at, save that errors are, unless some are expected.
  std::optional<std::string> data;    // JSON
  std::vector<std::string> errors;    // each is in the message or is the code of an error, in order
  std::optional<std::int64_t> count;  // rows of the first root field
};

// Reads a file in TOML. What is wrong with it goes to `diagnostics`.
std::vector<PolicyCase> read_policy_cases(const base::SourceSet& sources, base::SourceId file,
                                          base::Diagnostics& diagnostics);

}  // namespace tenon::server
