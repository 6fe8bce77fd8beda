// Rows of other tables: link tables of many-to-many relations, and EXISTS. Source 0 of the n-th EXISTS is
// called e<n>, the link table that leads to it l<n>.
#include <utility>

#include "sql/statement_writer.h"

namespace tenon::sql {

void StatementWriter::link_column(catalog::ColumnId column) {
  out_.alias('l', scope_) << ".";
  out_.name(catalog_[column].name);
}

void StatementWriter::link_table(const Link& link) {
  table(link.table);
  out_ << " AS ";
  out_.alias('l', scope_);
}

void StatementWriter::link_condition(const Link& link, const Predicate* where) {
  for (std::size_t i = 0; i < link.far_columns.size(); ++i) {
    if (i > 0) out_ << " AND ";
    column({.source = 0, .column = link.target_columns[i]});
    out_ << " = ";
    link_column(link.far_columns[i]);
  }
  if (where == nullptr || where->kind == Predicate::Kind::always) return;
  out_ << " AND ";
  of_link_ = true;
  nested(*where);
  of_link_ = false;
}

void StatementWriter::from(catalog::TableId source, const std::optional<Keys>& keys) {
  table(source);
  out_ << " AS t0";
  if (!keys || !keys->link) return;
  out_ << " JOIN ";
  link_table(*keys->link);
  out_ << " ON ";
  link_condition(*keys->link, keys->link_where ? &*keys->link_where : nullptr);
}

void StatementWriter::exists(const Predicate& predicate) {
  const RelatedRows& related = *predicate.related;
  const std::uint32_t outer = std::exchange(scope_, ++scopes_);
  const bool outer_link = std::exchange(of_link_, false);
  const std::uint32_t inner = scope_;
  out_ << "EXISTS (SELECT 1 FROM ";
  table(related.table);
  out_ << " AS ";
  out_.alias('e', inner);
  if (related.link) {
    out_ << " JOIN ";
    link_table(*related.link);
    out_ << " ON ";
    link_condition(*related.link, predicate.children.size() > 1 ? &predicate.children[1] : nullptr);
  }
  for (std::size_t i = 0; i < related.columns.size(); ++i) {
    if (i == 0)
      out_ << " WHERE ";
    else
      out_ << " AND ";
    if (related.link)
      link_column(related.columns[i]);
    else
      column({.source = 0, .column = related.columns[i]});
    out_ << " = ";
    scope_ = outer;
    of_link_ = outer_link;
    column({.source = 0, .column = related.parent_columns[i]});
    scope_ = inner;
    of_link_ = false;
  }
  if (predicate.children.front().kind != Predicate::Kind::always) {
    out_ << " AND ";
    nested(predicate.children.front());
  }
  out_ << ")";
  scope_ = outer;
  of_link_ = outer_link;
}

void StatementWriter::predicate_of(std::uint32_t source, const Predicate& predicate) {
  const std::uint32_t before = std::exchange(source_, source);
  nested(predicate);
  source_ = before;
}

}  // namespace tenon::sql
