// Where the parameters of a planned statement come from, and their binding for one request. A plan is shared
// by many requests; what differs between them arrives here.
#pragma once

#include <cstdint>
#include <expected>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "api/plan/page_token.h"
#include "api/schema/schema.h"
#include "base/limits.h"
#include "graphql/error.h"
#include "graphql/input.h"
#include "policy/claims.h"
#include "sql/connection.h"
#include "sql/statement.h"

namespace tenon::api {

// What of the caller's claims a parameter holds.
struct ClaimValue {
  enum class Kind : std::uint8_t {
    identities,  // of an owner, by the claims `names`
    values,      // all of the claim names[0]
    value,       // its only one
  };
  Kind kind = Kind::value;
  std::vector<std::string> names;
  friend bool operator==(const ClaimValue&, const ClaimValue&) = default;
};

// How an input value becomes the text of a parameter.
enum class ParameterForm : std::uint8_t {
  value,      // as the column's type writes it
  element,    // of an array column: as its elements are written
  array,      // a list of values, or of elements of an array column: one array of them
  texts,      // a list of texts: one array of them as they are
  pair,       // one of exactly two values of a list (`part` says which)
  verbatim,   // the text as it is
  pattern,    // likewise, for LIKE
  substring,  // a pattern that finds the text anywhere
  prefix,     // a pattern that finds the text at the start
  words,      // what people type into a search box, as the engine takes it
  integer,    // what a count or a sum is compared with, whatever the column's type: 64 bits,
  decimal,    // digits of any number,
  floating,   // a double
  json,       // a list or an object of an input type as JSON
};

struct ParameterSource {
  enum class Kind : std::uint8_t {
    constant,    // `text`
    variable,    // the part of a variable that `origin` names, in `form`
    list,        // one array of `elements`: a list written in the document with variables in it
    parent_key,  // an array of the distinct keys of the parent rows: their column `part`
    token,       // value `part` of the page token that `origin` names (or `text`, when written)
    row,         // cell `part` of the row `row` that step `step` of the write gave back; where that step
                 // concerned none, cell `otherwise_part` of the row that step `otherwise` gave back
    row_keys,    // an array of cell `part` of each row of the write's answer
    step_keys,   // an array of cell `part` of each row that step `step` of the write gave back
    generated,   // a fresh value for `column`: an identifier or the current time
    claim,       // of the caller, in `form`: Policy::claims[origin.variable]
  };
  Kind kind = Kind::constant;
  ParameterForm form = ParameterForm::value;
  std::uint32_t part = 0;
  catalog::ColumnId column;
  std::optional<std::string> text;
  graphql::InputOrigin origin;
  std::vector<ParameterSource> elements;
  std::uint32_t step = 0;  // of Write::steps
  std::uint32_t row = 0;
  std::optional<std::uint32_t> otherwise;
  std::uint32_t otherwise_part = 0;
  std::string ordering;        // token: the ordering it must have been made for
  graphql::Offset offset = 0;  // of the field concerned, for messages

  friend bool operator==(const ParameterSource& a, const ParameterSource& b);
};

// A rendered statement and where its parameters come from.
struct PlannedStatement {
  sql::Statement statement;
  std::vector<ParameterSource> parameters;
};

// The parameters of one statement under construction. The same source twice is one parameter.
class Parameters {
 public:
  sql::ParameterIndex add(ParameterSource source);
  std::vector<ParameterSource> take() { return std::move(sources_); }
  const ParameterSource& at(sql::ParameterIndex index) const { return sources_[index.value]; }

 private:
  std::vector<ParameterSource> sources_;
};

// The text of a value that is known: a constant of the document, or a request's variable. The error is a
// message for the client.
using ParameterText = std::expected<std::optional<std::string>, std::string>;
ParameterText parameter_text(const Schema& schema, const graphql::InputTree& tree,
                             const graphql::InputNode& node, catalog::ColumnId column, ParameterForm form,
                             std::uint32_t part, const base::OperationLimits& limits);

// Binds everything that is known before the first row: constants, variables, tokens, generated values.
// Parent keys and rows are filled in by the executor. Texts live as long as this object.
class Binder {
 public:
  // `capacity`: at least the number of sources that will be bound.
  Binder(const Schema& schema, const graphql::VariableValues& variables, const policy::Claims& claims,
         const base::OperationLimits& limits, std::size_t capacity)
      : schema_(schema), variables_(variables), claims_(claims), limits_(limits) {
    texts_.reserve(capacity);
  }

  // Appends a parameter for each source to `bound`. The error is a request error without locations.
  std::expected<void, graphql::Error> bind(const std::vector<ParameterSource>& sources,
                                           std::vector<sql::Parameter>& bound);

 private:
  ParameterText text(const ParameterSource& source) const;
  ParameterText list_text(const ParameterSource& source) const;
  ParameterText token_text(const ParameterSource& source) const;
  ParameterText claim_text(const ParameterSource& source) const;

  const Schema& schema_;
  const graphql::VariableValues& variables_;
  const policy::Claims& claims_;
  const base::OperationLimits& limits_;
  std::vector<std::string> texts_;  // never grows past its capacity: parameters are views into it
};

// Appends one element to the text of a PostgreSQL array under construction: `{` first, `}` last.
void append_array_element(std::string& array, std::optional<std::string_view> element);

}  // namespace tenon::api
