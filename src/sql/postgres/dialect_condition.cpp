// WHERE clauses.
#include <string>

#include "sql/postgres/dialect_text.h"

namespace tenon::sql::postgres {

using catalog::TypeKind;

std::string unmodified_type(const catalog::ColumnType& type) {
  switch (type.kind) {
    case TypeKind::boolean:
      return "bool";
    case TypeKind::int16:
      return "int2";
    case TypeKind::int32:
      return "int4";
    case TypeKind::int64:
      return "int8";
    case TypeKind::float32:
      return "float4";
    case TypeKind::float64:
      return "float8";
    case TypeKind::decimal:
      return "numeric";
    case TypeKind::varchar:
      return "varchar";
    case TypeKind::character:
      return "bpchar";
    case TypeKind::time:
      return "time";
    case TypeKind::timetz:
      return "timetz";
    case TypeKind::timestamp:
      return "timestamp";
    case TypeKind::timestamptz:
      return "timestamptz";
    case TypeKind::interval:
      return "interval";
    case TypeKind::bit:
    case TypeKind::varbit:
      return "varbit";
    default:
      return type.native;
  }
}

namespace {

bool is_text(const catalog::ColumnType& type) {
  if (type.is_array()) return false;
  return type.kind == TypeKind::text || type.kind == TypeKind::varchar || type.kind == TypeKind::character ||
         type.kind == TypeKind::name;
}

// Its equality may not be that of the letters: citext, and texts with a collation that is not deterministic.
bool has_letters(const catalog::ColumnType& type) { return type.native == "citext" || is_text(type); }

}  // namespace

void StatementText::operand(const ColumnRef& ref, Comparison comparison) {
  const catalog::ColumnType& type = catalog_[ref.column].type;
  column(ref);
  const bool pattern = comparison == Comparison::like || comparison == Comparison::not_like ||
                       comparison == Comparison::ilike || comparison == Comparison::not_ilike;
  if (pattern && !is_text(type)) out_ << "::text";
  if (!pattern && !type.is_array() && type.kind == TypeKind::json) out_ << "::jsonb";
  if (!pattern && !type.is_array() && type.kind == TypeKind::xml) out_ << "::text";
}

void StatementText::compare(const Predicate& predicate) {
  const ColumnRef& ref = predicate.columns.front();
  const ParameterIndex value = predicate.parameters.front();
  const catalog::ColumnType& type = catalog_[ref.column].type;
  if (!type.is_array() && (type.kind == TypeKind::json || type.kind == TypeKind::jsonb) &&
      predicate.comparison != Comparison::any_of && predicate.comparison != Comparison::none_of)
    return json_compare(predicate);
  const auto binary = [&](Literal op) {
    operand(ref, predicate.comparison);
    out_ << op;
    parameter(value);
  };
  const auto with_array = [&](Literal before, Literal after) {
    operand(ref, predicate.comparison);
    out_ << before;
    typed_parameter(value, type);
    out_ << after;
  };
  switch (predicate.comparison) {
    case Comparison::equal:
    case Comparison::not_equal:
    case Comparison::less:
    case Comparison::less_or_equal:
    case Comparison::greater:
    case Comparison::greater_or_equal:
      return binary(sign(predicate.comparison));
    case Comparison::like:
      return binary(" LIKE ");
    case Comparison::not_like:
      return binary(" NOT LIKE ");
    case Comparison::ilike:
      return binary(" ILIKE ");
    case Comparison::not_ilike:
      return binary(" NOT ILIKE ");
    case Comparison::any_of:
      return with_array(" = ANY(", "[])");
    case Comparison::none_of:
      return with_array(" <> ALL(", "[])");
    // The first of the two conditions can use an index.
    case Comparison::any_identical:
      with_array(" = ANY(", "[])");
      if (!has_letters(type)) return;
      out_ << " AND ";
      column(ref);
      out_ << "::text COLLATE \"C\" = ANY(";
      parameter(value);
      out_ << "::text[])";
      return;
    // @> can use a GIN index; `= ANY(column)` cannot.
    case Comparison::array_contains:
      return with_array(" @> ARRAY[", "]");
    case Comparison::array_not_contains:
      out_ << "NOT ";
      return with_array(" @> ARRAY[", "]");
    case Comparison::array_contains_all:
      return with_array(" @> ", "[]");
    case Comparison::array_overlaps:
      return with_array(" && ", "[]");
    // An index on lower(column) answers it.
    case Comparison::equal_ignoring_case:
      out_ << "lower(";
      operand(ref, Comparison::like);
      out_ << ") = lower(";
      parameter(value);
      out_ << ")";
      return;
    case Comparison::search:
      return search(predicate);
    case Comparison::json_contains:
    case Comparison::json_not_contains:
      return json_compare(predicate);
  }
}

void StatementText::size_compare(const Predicate& predicate) {
  const ColumnRef& ref = predicate.columns.front();
  const catalog::ColumnType& type = catalog_[ref.column].type;
  if (type.is_array())
    out_ << "cardinality(";
  else if (type.kind == TypeKind::bytes)
    out_ << "octet_length(";
  else
    out_ << "char_length(";
  column(ref);
  if (!type.is_array() && type.kind != TypeKind::bytes && !is_text(type)) out_ << "::text";
  out_ << ")";
  out_ << sign(predicate.comparison);
  parameter(predicate.parameters.front());
  out_ << "::int4";
}

void StatementText::row_compare(const Predicate& predicate) {
  const bool row = predicate.columns.size() > 1;
  if (row) out_ << "(";
  columns(predicate.columns);
  if (row) out_ << ")";
  out_ << sign(predicate.comparison);
  if (row) out_ << "(";
  each(predicate.parameters.size(), ", ", [&](std::size_t i) { parameter(predicate.parameters[i]); });
  if (row) out_ << ")";
}

// (t0."a", t0."b") IN (SELECT * FROM unnest($1::int4[], $2::text[]))
void StatementText::any_row(const Predicate& predicate) {
  const bool row = predicate.columns.size() > 1;
  if (row) out_ << "(";
  columns(predicate.columns);
  if (row)
    out_ << ") IN (SELECT * FROM unnest(";
  else
    out_ << " = ANY(";
  each(predicate.parameters.size(), ", ", [&](std::size_t i) {
    array_parameter(predicate.parameters[i], catalog_[predicate.columns[i].column].type);
  });
  out_ << ")";
  if (row) out_ << ")";
}

void StatementText::between(const Predicate& predicate) {
  operand(predicate.columns.front(), Comparison::equal);
  out_ << " BETWEEN ";
  parameter(predicate.parameters[0]);
  out_ << " AND ";
  parameter(predicate.parameters[1]);
}

void StatementText::is_empty(const Predicate& predicate) {
  out_ << "cardinality(";
  column(predicate.columns.front());
  out_ << ") = 0";
}

}  // namespace tenon::sql::postgres
