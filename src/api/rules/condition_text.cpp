#include "api/rules/condition_text.h"

#include <utility>

#include <fmt/format.h>
#include <fmt/ranges.h>

#include "sql/dialect.h"

namespace tenon::api {

namespace {

// What follows WHERE, found by rendering the statement without it as well.
ConditionText text_of(const Schema& schema, catalog::TableId table, sql::Predicate predicate,
                      Parameters parameters) {
  if (predicate.kind == sql::Predicate::Kind::always) return {};
  sql::Select select{.catalog = schema.catalog.get(), .from = table};
  const auto key = schema.catalog->primary_key(table);
  if (key)
    for (const catalog::IndexPart& part : (*schema.catalog)[*key].parts)
      if (part.column) select.outputs.push_back({.source = 0, .column = *part.column});
  const sql::Dialect& dialect = schema.dialect_of(table);
  const std::string bare = dialect.render(select).text;
  select.where = std::move(predicate);
  std::string text = dialect.render(select).text.substr(bare.size());
  constexpr std::string_view where = " WHERE ";
  return {.text = text.substr(where.size()), .parameters = parameters.take()};
}

}  // namespace

ConditionText rows_text(const Schema& schema, catalog::TableId table, const policy::Rows& rows) {
  Parameters parameters;
  sql::Predicate predicate = schema.policy->condition(table, rows, parameters);
  return text_of(schema, table, std::move(predicate), std::move(parameters));
}

ConditionText news_text(const Schema& schema, catalog::TableId table, const policy::Rows& rows) {
  Parameters parameters;
  sql::Predicate predicate = schema.policy->check(table, rows, parameters);
  return text_of(schema, table, std::move(predicate), std::move(parameters));
}

ConditionText condition_text(const Schema& schema, catalog::TableId table, const RowCheck& check) {
  Parameters parameters;
  for (const ParameterSource& source : check.parameters) parameters.add(source);
  return text_of(schema, table, check.predicate, std::move(parameters));
}

std::string source_text(const Schema& schema, const ParameterSource& source) {
  if (source.kind == ParameterSource::Kind::list) {
    std::vector<std::string> parts;
    for (const ParameterSource& element : source.elements) parts.push_back(source_text(schema, element));
    return fmt::format("a list of {}", fmt::join(parts, ", "));
  }
  if (source.kind != ParameterSource::Kind::claim)
    return source.text ? fmt::format("'{}'", *source.text) : "NULL";
  const ClaimValue& claim = schema.policy->claims[static_cast<std::size_t>(source.origin.variable)];
  if (claim.kind != ClaimValue::Kind::identities) return fmt::format("claim {}", claim.names.front());
  if (claim.names.empty()) return "claims sub::username, or sub, or username";
  return fmt::format("claim{} {}", claim.names.size() > 1 ? "s" : "", fmt::join(claim.names, "::"));
}

std::string value_text(const Schema& schema, const ParameterSource& source, const policy::Claims& claims) {
  const graphql::VariableValues none;
  const base::OperationLimits limits;
  Binder binder(schema, none, claims, limits, 1);
  const std::vector<ParameterSource> one{source};
  std::vector<sql::Parameter> bound;  // views, of `one` too
  if (const auto done = binder.bind(one, bound); !done) return "not a value: " + done.error().message;
  return bound.front() ? fmt::format("'{}'", *bound.front()) : "NULL";
}

}  // namespace tenon::api
