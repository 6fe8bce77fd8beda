// Conditions inside of values: parts of JSON, words of texts. MySQL has a type for JSON; MariaDB's is text
// with functions.
#include "sql/mysql/dialect_text.h"

namespace tenon::sql::mysql {

// The value of a JSON column, or the part of it that the path leads to; NULL when the path leads nowhere. A
// number in the path may be the place in an array or a key: the keys win.
void StatementText::json_part(const Predicate& predicate) {
  const ColumnRef& ref = predicate.columns.front();
  if (!predicate.path) return column(ref);
  const Origin part = element(*predicate.path);
  const auto extract = [&] {
    out_ << "JSON_EXTRACT(";
    column(ref);
    out_ << ", CONCAT('$', ";
    begin_repeat();
  };
  out_ << "COALESCE(";
  extract();
  out_ << "CONCAT('.', JSON_QUOTE(";
  argument(part, BindType::text);
  out_ << "))";
  end_repeat(", ", "''", Repeat::Padding::none);
  out_ << ")), ";
  extract();
  out_ << "IF(";
  argument(part, BindType::text);
  out_ << " REGEXP '^[0-9]+$', CONCAT('[', ";
  argument(part, BindType::text);
  out_ << ", ']'), CONCAT('.', JSON_QUOTE(";
  argument(part, BindType::text);
  out_ << ")))";
  end_repeat(", ", "''", Repeat::Padding::none);
  out_ << ")))";
}

void StatementText::json_value(ParameterIndex value) {
  if (can_.json_type) out_ << "CAST(";
  argument(given(value), BindType::text);
  if (can_.json_type) out_ << " AS JSON)";
}

void StatementText::json_equals(const Predicate& predicate) {
  if (can_.json_type) {
    json_part(predicate);
    out_ << " = ";
    return json_value(predicate.parameters.front());
  }
  const auto call = [&](Literal function, bool part_first) {
    out_ << function;
    if (part_first) {
      json_part(predicate);
      out_ << ", ";
    }
    argument(given(predicate.parameters.front()), BindType::text);
    if (!part_first) {
      out_ << ", ";
      json_part(predicate);
    }
    out_ << ")";
  };
  if (can_.json_equals) {
    // Alone in a condition MariaDB takes its NULL for true (10.11.19 does); compared, it stays NULL.
    out_ << "(";
    call("JSON_EQUALS(", true);
    out_ << " = 1)";
    return;
  }
  // The nearest that every server has: each contains the other.
  out_ << "(";
  call("JSON_CONTAINS(", true);
  out_ << " AND ";
  call("JSON_CONTAINS(", false);
  out_ << ")";
}

// Only values of one JSON type have an order, and only numbers, texts and booleans; a part that is not there
// has none that is known.
void StatementText::json_order(const Predicate& predicate) {
  const Literal op = sign(predicate.comparison);
  const ParameterIndex value = predicate.parameters.front();
  const auto side = [&](bool is_part) {
    if (is_part)
      json_part(predicate);
    else
      argument(given(value), BindType::text);
  };
  out_ << "CASE WHEN ";
  side(true);
  out_ << " IS NULL THEN NULL WHEN JSON_TYPE(";
  json_value(value);
  out_ << ") IN ('INTEGER', 'UNSIGNED INTEGER', 'DOUBLE', 'DECIMAL') AND JSON_TYPE(";
  side(true);
  out_ << ") IN ('INTEGER', 'UNSIGNED INTEGER', 'DOUBLE', 'DECIMAL') THEN ";
  side(true);
  out_ << " + 0e0" << op;
  side(false);
  out_ << " + 0e0 WHEN JSON_TYPE(";
  json_value(value);
  out_ << ") IN ('STRING', 'BOOLEAN') AND JSON_TYPE(";
  side(true);
  out_ << ") = JSON_TYPE(";
  json_value(value);
  out_ << ") THEN JSON_UNQUOTE(";
  side(true);
  out_ << ")" << op << "JSON_UNQUOTE(";
  side(false);
  out_ << ") COLLATE utf8mb4_bin ELSE FALSE END";
}

void StatementText::json_pattern(const Predicate& predicate, bool ignoring_case) {
  if (ignoring_case) out_ << "LOWER(";
  out_ << "JSON_UNQUOTE(";
  json_part(predicate);
  out_ << ")";
  if (ignoring_case)
    out_ << ") LIKE LOWER(";
  else
    out_ << " LIKE ";
  argument(given(predicate.parameters.front()), BindType::text);
  if (ignoring_case) out_ << ")";
  out_ << " COLLATE utf8mb4_bin";
}

// Compared, a NULL of MariaDB's stays NULL.
void StatementText::json_overlaps(const Predicate& predicate) {
  out_ << "(JSON_TYPE(";
  json_part(predicate);
  out_ << ") = 'ARRAY' AND (";
  begin_repeat();
  out_ << "JSON_CONTAINS(";
  json_part(predicate);
  out_ << ", JSON_QUOTE(";
  argument(element(predicate.parameters.front()), BindType::text);
  out_ << ")) = 1";
  end_repeat(" OR ", "FALSE", Repeat::Padding::last);
  out_ << "))";
}

void StatementText::json_compare(const Predicate& predicate) {
  switch (predicate.comparison) {
    case Comparison::array_overlaps:
      return json_overlaps(predicate);
    case Comparison::not_equal:
      out_ << "NOT COALESCE(";
      json_equals(predicate);
      out_ << ", FALSE)";
      return;
    case Comparison::less:
    case Comparison::less_or_equal:
    case Comparison::greater:
    case Comparison::greater_or_equal:
      return json_order(predicate);
    case Comparison::json_not_contains:
      out_ << "NOT ";
      [[fallthrough]];
    case Comparison::json_contains:
      out_ << "JSON_CONTAINS(";
      json_part(predicate);
      out_ << ", ";
      argument(given(predicate.parameters.front()), BindType::text);
      out_ << ")";
      return;
    case Comparison::like:
      return json_pattern(predicate, false);
    case Comparison::ilike:
      return json_pattern(predicate, true);
    default:
      return json_equals(predicate);
  }
}

// The words are in the engine's own form (sql/mysql/search_text.h).
void StatementText::search(const Predicate& predicate) {
  out_ << "MATCH (";
  column(predicate.columns.front());
  out_ << ") AGAINST (";
  argument(given(predicate.parameters.front()), BindType::text);
  out_ << " IN BOOLEAN MODE)";
}

}  // namespace tenon::sql::mysql
