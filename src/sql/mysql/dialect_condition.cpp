// WHERE clauses. Whether texts are equal is their column's collation's affair; patterns look at each letter
// as it is.
#include "sql/mysql/dialect_text.h"

namespace tenon::sql::mysql {

using catalog::TypeKind;

namespace {

bool is_json(const catalog::ColumnType& type) {
  return type.kind == TypeKind::json || type.kind == TypeKind::jsonb;
}

// What a list without elements is: IN it is false, NOT IN it true, for NULL too.
constexpr Literal no_rows = "SELECT NULL FROM DUAL WHERE FALSE";

}  // namespace

// The rows of an enum are in the order of its labels, as numbers; compared with a text they would be texts.
void StatementText::ordered(const ColumnRef& ref, Comparison comparison, const Origin& value) {
  const catalog::ColumnType& type = catalog_[ref.column].type;
  column(ref);
  if (type.kind != TypeKind::enumeration || !type.enum_id) {
    out_ << sign(comparison);
    return comparand(type, value);
  }
  out_ << " + 0" << sign(comparison) << "FIELD(";
  argument(value, BindType::text);
  for (const catalog::EnumValue& label : catalog_[*type.enum_id].values) {
    out_ << ", ";
    out_.label(label.label);
  }
  out_ << ")";
}

void StatementText::in_list(const Predicate& predicate, Literal before) {
  const ColumnRef& ref = predicate.columns.front();
  column(ref);
  out_ << before;
  begin_repeat();
  comparand(catalog_[ref.column].type, element(predicate.parameters.front()));
  end_repeat(", ", no_rows, Repeat::Padding::last);
  out_ << ")";
}

// Collations take texts for equal that differ in case, accents or spaces at the end. The first of the two
// conditions can use an index.
void StatementText::identical(const Predicate& predicate) {
  const ColumnRef& ref = predicate.columns.front();
  in_list(predicate, " IN (");
  if (!is_text(catalog_[ref.column].type)) return;
  out_ << " AND CAST(CONVERT(";
  column(ref);
  out_ << " USING utf8mb4) AS BINARY) IN (";
  begin_repeat();
  out_ << "CAST(";
  argument(element(predicate.parameters.front()), BindType::text);
  out_ << " AS BINARY)";
  end_repeat(", ", no_rows, Repeat::Padding::last);
  out_ << ")";
}

// The first of the two conditions can use an index of the column's collation.
void StatementText::pattern(const ColumnRef& ref, ParameterIndex value, bool ignoring_case, bool negated) {
  const bool twice = !ignoring_case && !negated && is_text(catalog_[ref.column].type);
  if (twice) {
    out_ << "(";
    column(ref);
    out_ << " LIKE ";
    argument(given(value), BindType::text);
    out_ << " AND ";
  }
  if (ignoring_case) out_ << "LOWER(";
  text_of(ref);
  if (ignoring_case) out_ << ")";
  if (negated) out_ << " NOT";
  if (ignoring_case)
    out_ << " LIKE LOWER(";
  else
    out_ << " LIKE ";
  argument(given(value), BindType::text);
  if (ignoring_case) out_ << ")";
  out_ << " COLLATE utf8mb4_bin";
  if (twice) out_ << ")";
}

void StatementText::compare(const Predicate& predicate) {
  const ColumnRef& ref = predicate.columns.front();
  const ParameterIndex value = predicate.parameters.front();
  const catalog::ColumnType& type = catalog_[ref.column].type;
  if (is_json(type) && predicate.comparison != Comparison::any_of &&
      predicate.comparison != Comparison::none_of)
    return json_compare(predicate);
  switch (predicate.comparison) {
    case Comparison::equal:
    case Comparison::not_equal:
      return compared(predicate.comparison, [&] { column(ref); }, [&] { comparand(type, given(value)); });
    case Comparison::less:
    case Comparison::less_or_equal:
    case Comparison::greater:
    case Comparison::greater_or_equal:
      return ordered(ref, predicate.comparison, given(value));
    case Comparison::like:
    case Comparison::not_like:
      return pattern(ref, value, false, predicate.comparison == Comparison::not_like);
    case Comparison::ilike:
    case Comparison::not_ilike:
      return pattern(ref, value, true, predicate.comparison == Comparison::not_ilike);
    case Comparison::any_of:
      return in_list(predicate, " IN (");
    case Comparison::none_of:
      return in_list(predicate, " NOT IN (");
    case Comparison::any_identical:
      return identical(predicate);
    case Comparison::equal_ignoring_case:
      out_ << "LOWER(";
      text_of(ref);
      out_ << ") = LOWER(";
      argument(given(value), BindType::text);
      out_ << ") COLLATE utf8mb4_bin";
      return;
    case Comparison::search:
      return search(predicate);
    // There are no columns of arrays.
    case Comparison::array_contains:
    case Comparison::array_not_contains:
    case Comparison::array_contains_all:
    case Comparison::array_overlaps:
    case Comparison::json_contains:
    case Comparison::json_not_contains:
      out_ << "FALSE";
      return;
  }
}

void StatementText::size_compare(const Predicate& predicate) {
  const ColumnRef& ref = predicate.columns.front();
  if (catalog_[ref.column].type.kind == TypeKind::bytes) {
    out_ << "LENGTH(";
    column(ref);
  } else {
    out_ << "CHAR_LENGTH(";
    text_of(ref);
  }
  out_ << ")";
  if (predicate.comparison == Comparison::not_equal)
    out_ << " <> ";
  else
    out_ << sign(predicate.comparison);
  number(given(predicate.parameters.front()));
}

// (a, b) > (x, y) as a >= x AND (a > x OR (a = x AND b > y)): an index on the columns answers it, which it
// does not for a comparison of rows.
void StatementText::row_compare(const Predicate& predicate) {
  const std::size_t count = predicate.columns.size();
  const bool descends =
      predicate.comparison == Comparison::less || predicate.comparison == Comparison::less_or_equal;
  const auto part = [&](std::size_t i, Comparison comparison) {
    if (comparison != Comparison::equal)
      return ordered(predicate.columns[i], comparison, given(predicate.parameters[i]));
    column(predicate.columns[i]);
    out_ << " = ";
    comparand(catalog_[predicate.columns[i].column].type, given(predicate.parameters[i]));
  };
  if (count == 1) return part(0, predicate.comparison);
  out_ << "(";
  part(0, descends ? Comparison::less_or_equal : Comparison::greater_or_equal);
  out_ << " AND (";
  for (std::size_t last = 0; last < count; ++last) {
    if (last > 0) out_ << " OR (";
    for (std::size_t i = 0; i < last; ++i) {
      part(i, Comparison::equal);
      out_ << " AND ";
    }
    const Comparison strict = descends ? Comparison::less : Comparison::greater;
    part(last, last + 1 == count ? predicate.comparison : strict);
    if (last > 0) out_ << ")";
  }
  out_ << "))";
}

void StatementText::key_equals(const std::vector<catalog::ColumnId>& key, const std::vector<Origin>& values) {
  each(key.size(), " AND ", [&](std::size_t i) {
    column({.source = 0, .column = key[i]});
    out_ << " = ";
    comparand(catalog_[key[i]].type, values[i]);
  });
}

void StatementText::any_row(const Predicate& predicate) {
  if (predicate.columns.size() == 1) return in_list(predicate, " IN (");
  out_ << "(";
  begin_repeat();
  out_ << "(";
  each(predicate.columns.size(), " AND ", [&](std::size_t i) {
    column(predicate.columns[i]);
    out_ << " = ";
    comparand(catalog_[predicate.columns[i].column].type, element(predicate.parameters[i]));
  });
  out_ << ")";
  end_repeat(" OR ", "FALSE", Repeat::Padding::last);
  out_ << ")";
}

void StatementText::between(const Predicate& predicate) {
  const ColumnRef& ref = predicate.columns.front();
  out_ << "(";
  ordered(ref, Comparison::greater_or_equal, given(predicate.parameters[0]));
  out_ << " AND ";
  ordered(ref, Comparison::less_or_equal, given(predicate.parameters[1]));
  out_ << ")";
}

}  // namespace tenon::sql::mysql
