// Primary keys, unique keys and indexes.
#include <utility>

#include <fmt/format.h>
#include <fmt/ranges.h>

#include "psl/catalog_builder.h"
#include "psl/constraint_names.h"
#include "psl/operator_classes.h"
#include "psl/sql_text.h"

namespace tenon::psl {

using namespace catalog;

namespace {

std::string_view method_of(IndexAlgorithm algorithm) {
  switch (algorithm) {
    case IndexAlgorithm::btree:
      return "btree";
    case IndexAlgorithm::hash:
      return "hash";
    case IndexAlgorithm::gist:
      return "gist";
    case IndexAlgorithm::gin:
      return "gin";
    case IndexAlgorithm::spgist:
      return "spgist";
    case IndexAlgorithm::brin:
      return "brin";
  }
  return {};
}

// `"a" = 1`, `"a" IS NOT NULL`: one member of an object.
std::string condition(std::string_view column, const Expression& member) {
  const bool negated = member.kind == Expression::Kind::object;
  const Expression& value = negated ? *member.arguments[0].value : member;
  if (value.kind == Expression::Kind::constant && value.text == "null")
    return fmt::format("{} {}", column, negated ? "IS NOT NULL" : "IS NULL");
  return fmt::format("{} {} {}", column, negated ? "<>" : "=",
                     value.kind == Expression::Kind::string ? sql_string(value.text) : value.text);
}

}  // namespace

// The primary key comes first, then what fields declare and what the model does: plain, unique, full text.
void CatalogBuilder::add_indexes(ModelId id) {
  const Model& model = resolved_[id];
  const auto first = static_cast<std::uint32_t>(catalog_.indexes.size());
  if (model.id) add_index(resolved_[*model.id]);
  const auto is_of_field = [&](ModelIndexId index) { return resolved_[index].source_field.has_value(); };
  for (const ModelIndexId index : model.indexes)
    if (index != model.id && is_of_field(index)) add_index(resolved_[index]);
  for (const IndexKind kind : {IndexKind::normal, IndexKind::unique, IndexKind::fulltext})
    for (const ModelIndexId index : model.indexes)
      if (index != model.id && !is_of_field(index) && resolved_[index].kind == kind)
        add_index(resolved_[index]);
  catalog_[table_of(id)].indexes = {.first = first,
                                    .count = static_cast<std::uint32_t>(catalog_.indexes.size()) - first};
}

void CatalogBuilder::add_index(const ModelIndex& index) {
  Index row;
  row.table = table_of(index.model);
  row.kind = index.kind;
  row.is_constraint = index.is_primary();
  if (index.algorithm) row.method = method_of(*index.algorithm);
  for (const IndexField& field : index.fields) {
    IndexPart part;
    part.column = column_of(field.field);
    part.descending = field.sort == SortOrder::descending;
    part.length = field.length;
    if (field.operator_class)
      part.operator_class = field.operator_class->is_raw ? field.operator_class->text
                                                         : operator_class_sql(field.operator_class->text);
    row.parts.push_back(std::move(part));
  }
  row.predicate = predicate(index);
  row.client_name = index.client_name.value_or("");
  row.name = index.map ? *index.map : default_index_name(catalog_, row);
  catalog_.indexes.push_back(std::move(row));
}

// `raw("…")` or an object of fields and values, as SQL.
std::string CatalogBuilder::predicate(const ModelIndex& index) const {
  if (index.where == nullptr) return {};
  if (index.where->kind == Expression::Kind::function) return index.where->arguments[0].value->text;
  std::vector<std::string> conditions;
  for (const Argument& member : index.where->arguments) {
    const std::optional<ScalarFieldId> field = resolved_.find_scalar_field(index.model, member.name->text);
    if (field)
      conditions.push_back(condition(quoted_identifier(catalog_[column_of(*field)].name), *member.value));
  }
  return fmt::format("({})", fmt::join(conditions, " AND "));
}

}  // namespace tenon::psl
