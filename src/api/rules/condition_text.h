// The conditions of rules as SQL of their own, for people and for row security: without the statement that
// they are part of when a request comes.
#pragma once

#include <string>
#include <vector>

#include "api/rules/policy.h"
#include "policy/claims.h"

namespace tenon::api {

// `text` is about the table as the dialect calls it in statements ($1, ? for `parameters`); empty: every row.
struct ConditionText {
  std::string text;
  std::vector<ParameterSource> parameters;
  friend bool operator==(const ConditionText&, const ConditionText&) = default;
};

// The rows that an operation may concern; of `news`, what they must be like after a create or update.
ConditionText rows_text(const Schema& schema, catalog::TableId table, const policy::Rows& rows);
ConditionText news_text(const Schema& schema, catalog::TableId table, const policy::Rows& rows);
// The same of a single role.
ConditionText condition_text(const Schema& schema, catalog::TableId table, const RowCheck& check);

// Where the parameter comes from: `sub::username, or sub, or username`, `claim tenant`, or the constant.
std::string source_text(const Schema& schema, const ParameterSource& source);
// What it is for a caller with these claims; a message for people when it cannot be.
std::string value_text(const Schema& schema, const ParameterSource& source, const policy::Claims& claims);

}  // namespace tenon::api
