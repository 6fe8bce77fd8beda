// What can be aggregated in the API, and what comes of it: which columns have a sum, of which scalar it is,
// which parts of a date group it.
#pragma once

#include <optional>
#include <span>
#include <string>
#include <string_view>

#include "api/plan/parameters.h"
#include "api/values/scalars.h"
#include "catalog/catalog.h"
#include "sql/aggregate.h"

namespace tenon::api {

// Numbers and intervals, which have sums and averages.
bool has_sum(const catalog::ColumnType& type);
// Types with a smallest and a largest value.
bool has_extremes(const catalog::ColumnType& type);
bool has_distinct_count(const catalog::ColumnType& type);

// The GraphQL scalar or enum of a term. Nothing is lost: a sum of Int is a BigInt, one of BigInt a Decimal.
std::string result_scalar(const catalog::Catalog& catalog, const sql::AggregateTerm& term);
OutputFormat result_format(const catalog::Catalog& catalog, const sql::AggregateTerm& term);
// How a value that a term is compared with becomes a parameter.
ParameterForm result_form(const catalog::Catalog& catalog, const sql::AggregateTerm& term);

// A value of the enum ModelDatePart.
struct DatePartName {
  std::string_view name;
  sql::DatePart part;
  std::string_view description;
};
std::span<const DatePartName> date_parts();
std::optional<sql::DatePart> find_date_part(std::string_view name);
// Whether values of the type have that part: a date has no hours, a time of day no month.
bool has_part(const catalog::ColumnType& type, sql::DatePart part);
// Whether there is any part to group by.
bool has_parts(const catalog::ColumnType& type);

}  // namespace tenon::api
