// The statements of a dialect, each by a writer of its own.
#include <string>
#include <utility>

#include "sql/statement_writer.h"

namespace tenon::sql {

namespace {

Statement literal(std::string text) {
  const base::Hash128 hash = base::hash128(text);
  return {.text = std::move(text), .hash = hash};
}

}  // namespace

Statement WrittenDialect::render(const Select& select) const {
  const auto text = writer(*select.catalog);
  text->select(select);
  return text->finish();
}

Statement WrittenDialect::render(const Insert& insert) const {
  const auto text = writer(*insert.catalog);
  text->insert(insert);
  return text->finish();
}

Statement WrittenDialect::render(const Update& update) const {
  const auto text = writer(*update.catalog);
  text->update(update);
  return text->finish();
}

Statement WrittenDialect::render(const Delete& remove) const {
  const auto text = writer(*remove.catalog);
  text->remove(remove);
  return text->finish();
}

Statement WrittenDialect::render(const Aggregate& aggregate) const {
  const auto text = writer(*aggregate.catalog);
  text->aggregate(aggregate);
  return text->finish();
}

Statement WrittenDialect::render(const catalog::Catalog& catalog, const RowEstimate& estimate) const {
  const auto text = writer(catalog);
  text->row_estimate(estimate);
  return text->finish();
}

Statement WrittenDialect::mark() const { return literal("SAVEPOINT tenon_mark"); }
Statement WrittenDialect::undo_to_mark() const { return literal("ROLLBACK TO SAVEPOINT tenon_mark"); }

}  // namespace tenon::sql
