// Names and WHERE clauses.
#include "sql/statement_writer.h"

namespace tenon::sql {

// --- names

void StatementWriter::table(catalog::TableId id) {
  out_.qualified(catalog_[catalog_[id].schema].name, catalog_[id].name);
}

void StatementWriter::column(const ColumnRef& ref) {
  if (of_link_)
    out_.alias('l', scope_) << ".";
  else if (scope_ != 0)
    out_.alias('e', scope_) << ".";
  else if (unaliased_ && ref.source == 0)
    table(*unaliased_), out_ << ".";
  else
    out_.alias('t', ref.source + source_) << ".";
  out_.name(catalog_[ref.column].name);
}

void StatementWriter::columns(const std::vector<ColumnRef>& refs) {
  each(refs.size(), ", ", [&](std::size_t i) { column(refs[i]); });
}

void StatementWriter::names(const std::vector<catalog::ColumnId>& ids) {
  each(ids.size(), ", ", [&](std::size_t i) { out_.name(catalog_[ids[i]].name); });
}

void StatementWriter::outputs(const std::vector<ColumnRef>& refs, bool named) {
  each(refs.size(), ", ", [&](std::size_t i) {
    output(refs[i]);
    if (!named) return;
    out_ << " AS ";
    out_.alias('c', static_cast<std::uint32_t>(i));
  });
}

// --- conditions

Literal StatementWriter::sign(Comparison comparison) const {
  switch (comparison) {
    case Comparison::not_equal:
      return words_.differs;
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

void StatementWriter::null_test(const Predicate& predicate, Literal test) {
  if (predicate.path)
    json_part(predicate);
  else
    column(predicate.columns.front());
  out_ << test;
}

void StatementWriter::columns_compare(const Predicate& predicate) {
  compared(
      predicate.comparison, [&] { column(predicate.columns[0]); }, [&] { column(predicate.columns[1]); });
}

// NOT EXISTS is what the engines make an anti join of; the brackets would only be noise.
void StatementWriter::not_(const Predicate& predicate) {
  const Predicate& child = predicate.children.front();
  if (child.kind == Predicate::Kind::exists) {
    out_ << "NOT ";
    return exists(child);
  }
  out_ << "NOT (";
  this->predicate(child);
  out_ << ")";
}

void StatementWriter::nested(const Predicate& child) {
  const bool several = (child.kind == Predicate::Kind::and_ || child.kind == Predicate::Kind::or_) &&
                       child.children.size() > 1;
  if (several) out_ << "(";
  predicate(child);
  if (several) out_ << ")";
}

void StatementWriter::list(const std::vector<Predicate>& children, Literal separator) {
  each(children.size(), separator, [&](std::size_t i) { nested(children[i]); });
}

void StatementWriter::predicate(const Predicate& predicate) {
  switch (predicate.kind) {
    case Predicate::Kind::always:
      out_ << "TRUE";
      return;
    case Predicate::Kind::never:
      out_ << "FALSE";
      return;
    case Predicate::Kind::compare:
      return compare(predicate);
    case Predicate::Kind::between:
      return between(predicate);
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
    case Predicate::Kind::is_empty:
      return is_empty(predicate);
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

void StatementWriter::where(const std::optional<Predicate>& condition) {
  if (!condition || condition->kind == Predicate::Kind::always) return;
  out_ << " WHERE ";
  predicate(*condition);
}

void StatementWriter::and_where(const std::optional<Predicate>& condition) {
  if (!condition || condition->kind == Predicate::Kind::always) return;
  out_ << " AND ";
  nested(*condition);
}

}  // namespace tenon::sql
