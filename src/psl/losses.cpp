// What a schema cannot say about a catalog: the comments above its models and the warnings of `db pull`.
#include <algorithm>
#include <string>
#include <utility>
#include <vector>

#include <fmt/format.h>

#include "psl/model_facts.h"
#include "psl/names.h"
#include "psl/native_types.h"
#include "psl/order.h"
#include "psl/write_blocks.h"

namespace tenon::psl {

using namespace catalog;

namespace {

template <class Row>
bool any_of_table(const std::vector<Row>& rows, TableId table) {
  return std::ranges::any_of(rows, [&](const Row& row) { return row.table == table; });
}

bool has_comments(const Catalog& catalog, TableId id) {
  return !catalog[id].comment.empty() || std::ranges::any_of(catalog[id].columns, [&](ColumnId column) {
    return !catalog[column].comment.empty();
  });
}

bool has_deferred_constraint(const Catalog& catalog, TableId id) {
  return std::ranges::any_of(catalog[id].indexes, [&](IndexId index) { return catalog[index].deferrable; }) ||
         std::ranges::any_of(catalog[id].foreign_keys,
                             [&](ForeignKeyId key) { return catalog[key].deferrable; });
}

template <class Test>
bool any_index(const Catalog& catalog, TableId id, Test test) {
  return std::ranges::any_of(catalog[id].indexes, [&](IndexId index) { return test(catalog[index]); });
}

bool has_unusual_nulls_order(const Index& index) {
  return !index.has_expressions() && !std::ranges::all_of(index.parts, has_default_nulls_order);
}

// One kind of warning with the things it is about.
class Warning {
 public:
  Warning(base::Code code, std::string text) : code_(code), text_(std::move(text)) {}
  void add(const std::string& item) { items_ += fmt::format("\n  - {}", item); }
  void report(base::Diagnostics& diagnostics) const {
    if (!items_.empty()) diagnostics.warning(code_, text_ + items_);
  }

 private:
  base::Code code_;
  std::string text_;
  std::string items_;
};

std::string quoted(const std::string& name) { return fmt::format("\"{}\"", name); }

std::string constraint_item(const Catalog& catalog, TableId table, const std::string& name) {
  return fmt::format("Model: \"{}\", constraint: \"{}\"", catalog[table].model_name, name);
}

class Losses {
 public:
  explicit Losses(const Catalog& catalog) : catalog_(catalog) {}

  void report(base::Diagnostics& diagnostics) {
    for (const TableId id : ordered_tables(catalog_)) {
      const Table& table = catalog_[id];
      if (!table.model_name.empty() && is_pulled(table)) look_at(id, table);
      if (table.kind == TableKind::versioned_table) versioned_.add(quoted(table.name));
    }
    for (const CheckConstraint& check : catalog_.checks)
      if (!catalog_[check.table].model_name.empty())
        checks_.add(constraint_item(catalog_, check.table, check.name));
    for (const ExclusionConstraint& exclusion : catalog_.exclusions)
      if (!catalog_[exclusion.table].model_name.empty())
        exclusions_.add(constraint_item(catalog_, exclusion.table, exclusion.name));
    for (const Enum& row : catalog_.enums) look_at(row);
    for (const Warning* warning :
         {&unnamed_fields_, &unnamed_values_, &without_columns_, &without_identifier_, &unsupported_,
          &renamed_, &versioned_, &partitions_, &inherited_, &nulls_order_, &security_, &checks_,
          &exclusions_, &deferred_, &comments_})
      warning->report(diagnostics);
  }

 private:
  void look_at(TableId id, const Table& table) {
    const std::string& model = table.model_name;
    if (!has_fields(catalog_, id))
      without_columns_.add(quoted(model));
    else if (!table.is_view() && !table.ignored && !has_usable_identifier(catalog_, id))
      without_identifier_.add(quoted(model));
    if (model == sanitized_name(catalog_[table.schema].name + "_" + table.name))
      renamed_.add(fmt::format("Type: \"model\", name: \"{}\"", model));
    if (table.kind == TableKind::partitioned_table) partitions_.add(quoted(model));
    if (table.has_subclasses) inherited_.add(quoted(model));
    if (table.row_level_security) security_.add(quoted(model));
    if (!table.comment.empty()) comments_.add(fmt::format("Type: \"model\", name: \"{}\"", model));
    for (const ColumnId column : table.columns) look_at(model, catalog_[column]);
    for (const IndexId index : ordered_indexes(catalog_, id)) look_at(id, catalog_[index]);
    for (const ForeignKeyId key : ordered_foreign_keys(catalog_, id))
      if (catalog_[key].deferrable) deferred_.add(constraint_item(catalog_, id, catalog_[key].name));
  }

  void look_at(const std::string& model, const Column& column) {
    const std::string& field = column.field_name.empty() ? column.name : column.field_name;
    if (column.field_name.empty())
      unnamed_fields_.add(fmt::format("Model: \"{}\", field(s): [\"{}\"]", model, field));
    if (!column.comment.empty()) comments_.add(fmt::format("Type: \"field\", name: \"{}.{}\"", model, field));
    if (column.type.kind == TypeKind::enumeration) return;
    const TypeSpelling type = spell_type(catalog_.engine, column.type);
    if (!type.scalar)
      unsupported_.add(fmt::format("Model: \"{}\", field: \"{}\", original data type: \"{}\"", model, field,
                                   type.unsupported));
  }

  void look_at(TableId table, const Index& index) {
    if (index.deferrable) deferred_.add(constraint_item(catalog_, table, index.name));
    if (index.has_expressions()) return;
    for (const IndexPart& part : index.parts)
      if (!has_default_nulls_order(part))
        nulls_order_.add(
            fmt::format("Index: \"{}\", column: \"{}\"", index.name, catalog_[*part.column].name));
  }

  void look_at(const Enum& row) {
    if (!row.comment.empty()) comments_.add(fmt::format("Type: \"enum\", name: \"{}\"", row.enum_name));
    for (const EnumValue& value : row.values)
      if (value.value_name.empty())
        unnamed_values_.add(fmt::format("Enum: \"{}\", value: \"{}\"", row.enum_name, value.label));
  }

  const Catalog& catalog_;
  static constexpr base::Code loss_ = base::code::object_not_expressible;
  Warning unnamed_fields_{loss_,
                          "These fields were commented out because their names are currently not supported "
                          "by Prisma. Please provide "
                          "valid ones that match [a-zA-Z][a-zA-Z0-9_]* using the `@map` attribute:"};
  Warning unnamed_values_{loss_,
                          "These enum values were commented out because their names are currently not "
                          "supported by Prisma. Please "
                          "provide valid ones that match [a-zA-Z][a-zA-Z0-9_]* using the `@map` attribute:"};
  Warning without_columns_{
      loss_,
      "The following models were commented out as we could not retrieve columns for them. Please check your "
      "privileges:"};
  Warning without_identifier_{base::code::table_without_key,
                              "The following models were ignored as they do not have a valid unique "
                              "identifier or id. This is currently "
                              "not supported by Prisma Client:"};
  Warning unsupported_{loss_,
                       "These fields are not supported by Prisma Client, because Prisma currently does not "
                       "support their types:"};
  Warning renamed_{
      loss_, "These items were renamed due to their names being duplicates in the Prisma Schema Language:"};
  Warning versioned_{loss_,
                     "These tables keep their history (WITH SYSTEM VERSIONING), which a schema cannot say; "
                     "they were left out:"};
  Warning partitions_{loss_, "These tables are partition tables, which are not yet fully supported:"};
  Warning inherited_{loss_, "These tables are inherited tables, which are not yet fully supported:"};
  Warning nulls_order_{loss_,
                       "These index columns are having a non-default null sort order, which is not yet fully "
                       "supported. Read more: "
                       "https://pris.ly/d/non-default-index-null-ordering"};
  Warning security_{loss_,
                    "These tables contain row level security, which is not yet fully supported. Read more: "
                    "https://pris.ly/d/row-level-security"};
  Warning checks_{loss_,
                  "These constraints are not supported by Prisma Client, because Prisma currently does not "
                  "fully support check "
                  "constraints. Read more: https://pris.ly/d/check-constraints"};
  Warning exclusions_{
      loss_,
      "These constraints are not supported by Prisma Client, because Prisma currently does not fully support "
      "exclusion constraints. Read more: https://pris.ly/d/exclusion-constraints"};
  Warning deferred_{loss_,
                    "These primary key, foreign key or unique constraints are using non-default deferring in "
                    "the database, which "
                    "is not yet fully supported. Read more: https://pris.ly/d/constraint-deferring"};
  Warning comments_{
      loss_,
      "These objects have comments defined in the database, which is not yet fully supported. Read more: "
      "https://pris.ly/d/database-comments"};
};

}  // namespace

std::vector<std::string> model_comments(const Catalog& catalog, TableId id) {
  const Table& table = catalog[id];
  const std::string_view noun = table.is_view() ? "view" : "model";
  std::vector<std::string> comments;
  const auto say = [&](bool condition, std::string text) {
    if (condition) comments.push_back(std::move(text));
  };
  say(is_reserved_name(table.name) && table.model_name != table.name,
      fmt::format("This {} has been renamed to '{}' during introspection, because the original name '{}' is "
                  "reserved.",
                  noun, table.model_name, table.name));
  say(table.kind == TableKind::partitioned_table,
      "This table is a partition table and requires additional setup for migrations. Visit "
      "https://pris.ly/d/partition-tables for more info.");
  say(table.has_subclasses,
      "This table has subclasses and requires additional setup for migrations. Visit "
      "https://pris.ly/d/table-inheritance for more info.");
  say(any_of_table(catalog.checks, id),
      "This table contains check constraints and requires additional setup for migrations. Visit "
      "https://pris.ly/d/check-constraints for more info.");
  say(any_of_table(catalog.exclusions, id),
      "This table contains exclusion constraints and requires additional setup for migrations. Visit "
      "https://pris.ly/d/exclusion-constraints for more info.");
  say(table.columns.empty(), catalog.engine == Engine::postgresql
                                 ? "We could not retrieve columns for the underlying table. Either it has "
                                   "none or you are missing rights "
                                   "to see them. Please check your privileges."
                                 : "We could not retrieve columns for the underlying table. You probably "
                                   "have no rights to see them. "
                                   "Please check your privileges.");
  say(!table.is_view() && has_fields(catalog, id) && !has_usable_identifier(catalog, id),
      "The underlying table does not contain a valid unique identifier and can therefore currently not be "
      "handled "
      "by Prisma Client.");
  say(has_comments(catalog, id),
      fmt::format(
          "This {} or at least one of its fields has comments in the database, and requires an additional "
          "setup for migrations: Read more: https://pris.ly/d/database-comments",
          noun));
  say(has_deferred_constraint(catalog, id),
      "This model has constraints using non-default deferring rules and requires additional setup for "
      "migrations. "
      "Visit https://pris.ly/d/constraint-deferring for more info.");
  say(table.row_level_security,
      "This model contains row level security and requires additional setup for migrations. Visit "
      "https://pris.ly/d/row-level-security for more info.");
  say(any_index(catalog, id, has_unusual_nulls_order),
      "This model contains an index with non-default null sort order and requires additional setup for "
      "migrations. "
      "Visit https://pris.ly/d/default-index-null-ordering for more info.");
  say(any_index(catalog, id, [](const Index& index) { return index.has_expressions(); }),
      "This model contains an expression index which requires additional setup for migrations. Visit "
      "https://pris.ly/d/expression-indexes for more info.");
  return comments;
}

void warn_about_losses(const Catalog& catalog, base::Diagnostics& diagnostics) {
  Losses(catalog).report(diagnostics);
}

}  // namespace tenon::psl
