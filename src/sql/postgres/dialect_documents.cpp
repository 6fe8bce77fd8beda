// Conditions inside of values: parts of JSON, words of texts.
#include "catalog/text_search.h"
#include "sql/postgres/dialect_text.h"

namespace tenon::sql::postgres {

// The value of a JSON column, or the part of it that the path leads to; NULL when the path leads nowhere.
void StatementText::json_part(const Predicate& predicate, bool as_text) {
  const ColumnRef& ref = predicate.columns.front();
  const bool is_json = catalog_[ref.column].type.kind == catalog::TypeKind::json;
  if (!predicate.path && !as_text) {
    column(ref);
    if (is_json) out_ << "::jsonb";
    return;
  }
  out_ << "(";
  column(ref);
  if (is_json) out_ << "::jsonb";
  if (as_text)
    out_ << " #>> ";
  else
    out_ << " #> ";
  if (predicate.path)
    parameter(*predicate.path);
  else
    out_ << "'{}'";
  out_ << "::text[])";
}

void StatementText::json_compare(const Predicate& predicate) {
  const ParameterIndex value = predicate.parameters.front();
  const auto binary = [&](Literal op, bool as_text = false) {
    json_part(predicate, as_text);
    out_ << op;
    parameter(value);
  };
  // PostgreSQL orders values of different JSON types too, in a way that nobody asks for.
  const auto ordered = [&](Literal op) {
    out_ << "(jsonb_typeof(";
    json_part(predicate, false);
    out_ << ") = jsonb_typeof(";
    parameter(value);
    out_ << "::jsonb) AND ";
    binary(op);
    out_ << "::jsonb)";
  };
  switch (predicate.comparison) {
    case Comparison::less:
    case Comparison::less_or_equal:
    case Comparison::greater:
    case Comparison::greater_or_equal:
      return ordered(sign(predicate.comparison));
    case Comparison::array_overlaps:
      // Of an object these would be its keys.
      out_ << "(jsonb_typeof(";
      json_part(predicate, false);
      out_ << ") = 'array' AND ";
      binary(" ?| ");
      out_ << "::text[])";
      return;
    case Comparison::json_contains:
      return binary(" @> ");
    case Comparison::json_not_contains:
      out_ << "NOT ";
      return binary(" @> ");
    case Comparison::like:
      return binary(" LIKE ", true);
    case Comparison::ilike:
      return binary(" ILIKE ", true);
    default:
      return binary(sign(predicate.comparison));
  }
}

void StatementText::search(const Predicate& predicate) {
  const ColumnRef& ref = predicate.columns.front();
  const auto found = catalog::text_search(catalog_, ref.column);
  const catalog::TextSearch how = found ? *found : catalog::TextSearch{};
  const auto configuration = [&] {
    if (how.configuration.empty()) return;
    out_.configuration(how.configuration) << ", ";
  };
  // The expression has to be that of the index.
  if (!how.is_vector) {
    out_ << "to_tsvector(";
    configuration();
    if (how.coalesced) out_ << "COALESCE(";
  }
  column(ref);
  if (!how.is_vector) {
    if (how.coalesced) out_ << ", '')";
    out_ << ")";
  }
  out_ << " @@ websearch_to_tsquery(";
  configuration();
  parameter(predicate.parameters.front());
  out_ << ")";
}

}  // namespace tenon::sql::postgres
