// The parts of row_security.h's script: functions that read who asks from the session, and conditions in
// their terms.
#pragma once

#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "api/plan/parameters.h"
#include "api/rules/row_security.h"
#include "policy/role.h"

namespace tenon::api {

std::string quoted_name(std::string_view name);
std::string quoted_text(std::string_view text);

// The role, the functions, and the end of policies of an earlier script.
std::string preamble(const RowSecurityOptions& options);
// That the session holds the role.
std::string role_condition(const policy::Role& role, const RowSecurityOptions& options);
// The parameter as an expression over the session; nullopt when there is none.
std::optional<std::string> session_value(const Schema& schema, const ParameterSource& source,
                                         const RowSecurityOptions& options);
// `$1` and so on replaced, outside of names and texts.
std::string with_values(std::string_view sql, const std::vector<std::string>& values);
// `t0.` left out, outside of names and texts.
std::string without_alias(std::string_view sql);

}  // namespace tenon::api
