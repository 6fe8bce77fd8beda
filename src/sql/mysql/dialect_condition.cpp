// WHERE clauses. Whether texts are equal is their column's collation's affair; patterns look at each letter
// as it is.
#include "sql/mysql/dialect_text.h"

namespace tenon::sql::mysql {

using catalog::TypeKind;

Literal sign(Comparison comparison) {
  switch (comparison) {
    case Comparison::less:
      return " < ";
    case Comparison::less_or_equal:
      return " <= ";
    case Comparison::greater:
      return " > ";
    case Comparison::greater_or_equal:
      return " >= ";
    default:
      return " = ";
  }
}

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
      column(ref);
      out_ << " = ";
      return comparand(type, given(value));
    case Comparison::not_equal:
      out_ << "NOT (";
      column(ref);
      out_ << " <=> ";
      comparand(type, given(value));
      out_ << ")";
      return;
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

void StatementText::null_test(const Predicate& predicate, Literal test) {
  if (predicate.path)
    json_part(predicate);
  else
    column(predicate.columns.front());
  out_ << test;
}

void StatementText::columns_compare(const Predicate& predicate) {
  const bool differs = predicate.comparison == Comparison::not_equal;
  if (differs) out_ << "NOT (";
  column(predicate.columns[0]);
  if (differs)
    out_ << " <=> ";
  else
    out_ << sign(predicate.comparison);
  column(predicate.columns[1]);
  if (differs) out_ << ")";
}

// NOT EXISTS is what the engine makes an anti join of.
void StatementText::not_(const Predicate& predicate) {
  const Predicate& child = predicate.children.front();
  if (child.kind == Predicate::Kind::exists) {
    out_ << "NOT ";
    return exists(child);
  }
  out_ << "NOT (";
  this->predicate(child);
  out_ << ")";
}

void StatementText::key_equals(const std::vector<catalog::ColumnId>& key, const std::vector<Origin>& values) {
  for (std::size_t i = 0; i < key.size(); ++i) {
    if (i > 0) out_ << " AND ";
    column({.source = 0, .column = key[i]});
    out_ << " = ";
    comparand(catalog_[key[i]].type, values[i]);
  }
}

void StatementText::any_row(const Predicate& predicate) {
  if (predicate.columns.size() == 1) return in_list(predicate, " IN (");
  out_ << "(";
  begin_repeat();
  out_ << "(";
  for (std::size_t i = 0; i < predicate.columns.size(); ++i) {
    if (i > 0) out_ << " AND ";
    column(predicate.columns[i]);
    out_ << " = ";
    comparand(catalog_[predicate.columns[i].column].type, element(predicate.parameters[i]));
  }
  out_ << ")";
  end_repeat(" OR ", "FALSE", Repeat::Padding::last);
  out_ << ")";
}

void StatementText::nested(const Predicate& child) {
  const bool several = (child.kind == Predicate::Kind::and_ || child.kind == Predicate::Kind::or_) &&
                       child.children.size() > 1;
  if (several) out_ << "(";
  predicate(child);
  if (several) out_ << ")";
}

void StatementText::list(const std::vector<Predicate>& children, Literal separator) {
  for (std::size_t i = 0; i < children.size(); ++i) {
    if (i > 0) out_ << separator;
    nested(children[i]);
  }
}

void StatementText::predicate(const Predicate& predicate) {
  switch (predicate.kind) {
    case Predicate::Kind::always:
      out_ << "TRUE";
      return;
    case Predicate::Kind::never:
    case Predicate::Kind::is_empty:  // of an array: there are none
      out_ << "FALSE";
      return;
    case Predicate::Kind::compare:
      return compare(predicate);
    case Predicate::Kind::between:
      out_ << "(";
      ordered(predicate.columns.front(), Comparison::greater_or_equal, given(predicate.parameters[0]));
      out_ << " AND ";
      ordered(predicate.columns.front(), Comparison::less_or_equal, given(predicate.parameters[1]));
      out_ << ")";
      return;
    case Predicate::Kind::is_null:
      return null_test(predicate, " IS NULL");
    case Predicate::Kind::is_not_null:
      return null_test(predicate, " IS NOT NULL");
    case Predicate::Kind::size_compare:
      return size_compare(predicate);
    case Predicate::Kind::row_compare:
      return row_compare(predicate);
    case Predicate::Kind::columns_compare:
      return columns_compare(predicate);
    case Predicate::Kind::exists:
      return exists(predicate);
    case Predicate::Kind::any_row:
      return any_row(predicate);
    case Predicate::Kind::and_:
      if (predicate.children.empty()) out_ << "TRUE";
      return list(predicate.children, " AND ");
    case Predicate::Kind::or_:
      if (predicate.children.empty()) out_ << "FALSE";
      return list(predicate.children, " OR ");
    case Predicate::Kind::not_:
      return not_(predicate);
    case Predicate::Kind::not_true:
      out_ << "(";
      this->predicate(predicate.children.front());
      out_ << ") IS NOT TRUE";
      return;
  }
}

void StatementText::where(const std::optional<Predicate>& condition) {
  if (!condition || condition->kind == Predicate::Kind::always) return;
  out_ << " WHERE ";
  predicate(*condition);
}

void StatementText::and_where(const std::optional<Predicate>& condition) {
  if (!condition || condition->kind == Predicate::Kind::always) return;
  out_ << " AND ";
  nested(*condition);
}

}  // namespace tenon::sql::mysql
