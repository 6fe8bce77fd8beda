// PostgreSQL's statements, but those that change tables (render_postgres_alter.cpp).
#include "migrate/render_postgres.h"

#include <algorithm>
#include <utility>

#include <fmt/format.h>
#include <fmt/ranges.h>

#include "migrate/ddl.h"
#include "psl/model_facts.h"

namespace tenon::migrate {

using namespace catalog;

PostgresNames::PostgresNames(const Difference& difference) : difference_(difference) {}

std::string PostgresNames::qualified(const Catalog& catalog, NamespaceId schema,
                                     std::string_view name) const {
  return prefix(catalog, schema) + quote(name);
}

std::string PostgresNames::prefix(const Catalog& catalog, NamespaceId schema) const {
  if (!difference_.names_schemas && catalog[schema].name == difference_.default_schema) return {};
  return quote(catalog[schema].name) + ".";
}

std::string PostgresNames::table(const Catalog& catalog, TableId id) const {
  return qualified(catalog, catalog[id].schema, catalog[id].name);
}

// Where Prisma writes the schema of an introspected object though it is the default one.
std::string PostgresNames::introspected(NamespaceId schema, std::string_view name) const {
  const Catalog& before = difference_.before();
  if (difference_.origins.before == Origin::database) return quote(before[schema].name) + "." + quote(name);
  return qualified(before, schema, name);
}

std::string postgres_column(const Difference& difference, const Catalog& catalog, const Column& column) {
  const Default& value = column.default_value;
  const bool is_serial = value.kind == Default::Kind::autoincrement && column.identity == Identity::none &&
                         !uses_free_sequence(catalog, column);
  std::string type = postgres_type(difference, catalog, column.type);
  if (is_serial) {
    constexpr std::pair<TypeKind, std::string_view> serials[] = {
        {TypeKind::int16, "SMALLSERIAL"}, {TypeKind::int32, "SERIAL"}, {TypeKind::int64, "BIGSERIAL"}};
    for (const auto& [kind, word] : serials)
      if (kind == column.type.kind) type = word;
  }
  std::string text = quote(column.name) + " " + type;
  if (!column.collation.empty()) text += " COLLATE " + column.collation;
  const bool is_list = column.type.is_array() && difference.origins.after == Origin::schema_files;
  if (!column.nullable && !is_list) text += " NOT NULL";
  if (!column.generated.empty())
    return text + fmt::format(" GENERATED ALWAYS AS {} STORED", in_parentheses(column.generated));
  if (column.identity != Identity::none)
    return text + fmt::format(" GENERATED {} AS IDENTITY",
                              column.identity == Identity::always ? "ALWAYS" : "BY DEFAULT");
  const std::string default_text = is_serial ? "" : postgres_default(difference, catalog, column);
  if (!default_text.empty()) text += " DEFAULT " + default_text;
  return text;
}

bool uses_free_sequence(const Catalog& catalog, const Column& column) {
  const std::string& name = column.default_value.sequence;
  if (name.empty()) return false;
  const auto found = std::ranges::find_if(catalog.sequences, [&](const Sequence& each) {
    return sequence_path(catalog[each.schema].name, each.name) == name || each.name == name;
  });
  return found != catalog.sequences.end() && !found->owned_by;
}

// As PostgreSQL shows a sequence in nextval(): quoted only where it must be.
std::string sequence_path(std::string_view schema, std::string_view name) {
  const auto plain = [](std::string_view part) {
    return !part.empty() && !(part[0] >= '0' && part[0] <= '9') &&
           part.find_first_not_of("abcdefghijklmnopqrstuvwxyz0123456789_") == std::string_view::npos;
  };
  const auto spelled = [&](std::string_view part) {
    return plain(part) ? std::string(part) : quote_name(Engine::postgresql, part);
  };
  return spelled(schema) + "." + spelled(name);
}

namespace {

class Renderer {
 public:
  Renderer(const Difference& difference, const RenderOptions& options)
      : difference_(difference),
        before_(difference.before()),
        after_(difference.after()),
        options_(options),
        names_(difference) {}

  std::vector<Statement> operator()(const CreateSchema& step) const {
    return one(fmt::format("CREATE SCHEMA IF NOT EXISTS {}", quote(after_[step.schema].name)));
  }
  std::vector<Statement> operator()(const CreateExtension& step) const {
    const Extension& row = after_.extensions[step.extension];
    std::string text = fmt::format("CREATE EXTENSION IF NOT EXISTS {}", quote(row.name));
    if (!row.schema.empty()) text += fmt::format(" WITH SCHEMA {}", quote(row.schema));
    if (!row.version.empty()) text += fmt::format(" VERSION {}", quote(row.version));
    return one(text);
  }
  std::vector<Statement> operator()(const AlterExtension& step) const {
    const Extension& was = before_.extensions[step.extensions.before];
    const Extension& is = after_.extensions[step.extensions.after];
    std::vector<Statement> statements;
    if (!is.version.empty() && is.version != was.version)
      statements.push_back(
          {fmt::format("ALTER EXTENSION {} UPDATE TO {}", quote(is.name), quote(is.version))});
    if (!is.schema.empty() && is.schema != was.schema)
      statements.push_back(
          {fmt::format("ALTER EXTENSION {} SET SCHEMA {}", quote(is.name), quote(is.schema))});
    return statements;
  }
  std::vector<Statement> operator()(const CreateSequence& step) const {
    const Sequence& row = after_.sequences[step.sequence];
    return one(fmt::format("CREATE SEQUENCE {} START {} INCREMENT {}",
                           names_.qualified(after_, row.schema, row.name), row.start, row.increment));
  }
  std::vector<Statement> operator()(const AlterSequence& step) const {
    const Sequence& row = after_.sequences[step.sequences.after];
    return one(fmt::format("ALTER SEQUENCE {} START {} INCREMENT {}",
                           names_.qualified(after_, row.schema, row.name), row.start, row.increment));
  }
  std::vector<Statement> operator()(const DropSequence& step) const {
    const Sequence& row = before_.sequences[step.sequence];
    return one(fmt::format("DROP SEQUENCE {}", names_.qualified(before_, row.schema, row.name)));
  }

  std::vector<Statement> operator()(const RenameEnum& step) const {
    const Enum& was = before_[step.enums.before];
    const Enum& is = after_[step.enums.after];
    std::vector<Statement> statements;
    if (before_[was.schema].name != after_[is.schema].name)
      statements.push_back(
          {fmt::format("ALTER TYPE {} SET SCHEMA {}", names_.qualified(before_, was.schema, was.name),
                       quote(after_[is.schema].name))});
    if (was.name != is.name)
      statements.push_back({fmt::format("ALTER TYPE {} RENAME TO {}",
                                        names_.qualified(after_, is.schema, was.name), quote(is.name))});
    return statements;
  }
  std::vector<Statement> operator()(const CreateEnum& step) const {
    const Enum& row = after_[step.id];
    return one(fmt::format("CREATE TYPE {} AS ENUM ({})", names_.qualified(after_, row.schema, row.name),
                           labels(row)));
  }
  std::vector<Statement> operator()(const AlterEnum& step) const;
  std::vector<Statement> operator()(const DropEnum& step) const {
    const Enum& row = before_[step.id];
    return one(fmt::format("DROP TYPE {}", step.replaced ? names_.introspected(row.schema, row.name + "_old")
                                                         : names_.qualified(before_, row.schema, row.name)));
  }

  std::vector<Statement> operator()(const CreateDomain& step) const {
    const Domain& row = after_.domains[step.domain];
    std::string text = fmt::format("CREATE DOMAIN {} AS {}", domain(after_, row),
                                   postgres_type(difference_, after_, row.base));
    if (!row.default_expression.empty()) text += " DEFAULT " + row.default_expression;
    if (row.not_null) text += " NOT NULL";
    for (const std::string& check : row.checks) text += " " + check;
    return one(std::move(text));
  }
  std::vector<Statement> operator()(const AlterDomain& step) const;
  std::vector<Statement> operator()(const DropDomain& step) const {
    return one(fmt::format("DROP DOMAIN {}", domain(before_, before_.domains[step.domain])));
  }

  std::vector<Statement> operator()(const DropForeignKey& step) const {
    const ForeignKey& key = before_[step.key];
    return one(drop_constraint(key.table, key.name));
  }
  std::vector<Statement> operator()(const DropCheck& step) const {
    return one(drop_constraint(before_.checks[step.check].table, before_.checks[step.check].name));
  }
  std::vector<Statement> operator()(const DropExclusion& step) const {
    return one(
        drop_constraint(before_.exclusions[step.exclusion].table, before_.exclusions[step.exclusion].name));
  }
  std::vector<Statement> operator()(const DropView& step) const {
    const bool materialized = before_[step.view].kind == TableKind::materialized_view;
    return one(
        fmt::format("DROP {}VIEW {}", materialized ? "MATERIALIZED " : "", names_.table(before_, step.view)));
  }
  std::vector<Statement> operator()(const DropIndex& step) const {
    const Index& index = before_[step.index];
    if (index.is_constraint) return one(drop_constraint(index.table, index.name));
    const std::string name = names_.qualified(before_, before_[index.table].schema, index.name);
    if (options_.online) return {{fmt::format("DROP INDEX CONCURRENTLY {}", name), true}};
    return one(fmt::format("DROP INDEX {}", name));
  }

  std::vector<Statement> operator()(const RenameTable& step) const {
    const Table& was = before_[step.tables.before];
    const Table& is = after_[step.tables.after];
    std::vector<Statement> statements;
    const bool moves = step.from.empty() && before_[was.schema].name != after_[is.schema].name;
    if (moves)
      statements.push_back(
          {fmt::format("ALTER TABLE {} SET SCHEMA {}", names_.table(before_, step.tables.before),
                       quote(after_[is.schema].name))});
    const std::string from = step.from.empty() ? was.name : step.from;
    const std::string to = step.to.empty() ? is.name : step.to;
    if (from != to)
      statements.push_back(
          {fmt::format("ALTER TABLE {} RENAME TO {}", names_.qualified(after_, is.schema, from), quote(to))});
    return statements;
  }
  std::vector<Statement> operator()(const RenameColumn& step) const {
    const Column& was = before_[step.columns.before];
    const Column& is = after_[step.columns.after];
    return one(fmt::format("ALTER TABLE {} RENAME COLUMN {} TO {}", names_.table(after_, is.table),
                           quote(step.from.empty() ? was.name : step.from),
                           quote(step.to.empty() ? is.name : step.to)));
  }
  std::vector<Statement> operator()(const AlterTable& step) const {
    return render_postgres_alter(difference_, step, options_);
  }
  std::vector<Statement> operator()(const DropTable& step) const {
    return one(fmt::format("DROP TABLE {}", names_.table(before_, step.table)));
  }
  std::vector<Statement> operator()(const CreateTable& step) const;
  std::vector<Statement> operator()(const CreateIndex& step) const;
  std::vector<Statement> operator()(const RenameForeignKey& step) const {
    const ForeignKey& is = after_[step.keys.after];
    return one(fmt::format("ALTER TABLE {} RENAME CONSTRAINT {} TO {}", names_.table(after_, is.table),
                           quote(before_[step.keys.before].name), quote(is.name)));
  }
  std::vector<Statement> operator()(const AddForeignKey& step) const;
  std::vector<Statement> operator()(const RenameIndex& step) const {
    const Index& is = after_[step.indexes.after];
    return one(
        fmt::format("ALTER INDEX {} RENAME TO {}",
                    names_.qualified(after_, after_[is.table].schema, before_[step.indexes.before].name),
                    quote(is.name)));
  }
  std::vector<Statement> operator()(const AddCheck& step) const {
    const CheckConstraint& row = after_.checks[step.check];
    return one(add_constraint(row.table, row.name, row.definition));
  }
  std::vector<Statement> operator()(const AddExclusion& step) const {
    const ExclusionConstraint& row = after_.exclusions[step.exclusion];
    return one(add_constraint(row.table, row.name, row.definition));
  }
  std::vector<Statement> operator()(const CreateView& step) const {
    const Table& view = after_[step.view];
    std::string definition = view.definition;
    while (definition.ends_with(';') || definition.ends_with('\n')) definition.pop_back();
    return one(fmt::format("CREATE {}VIEW {} AS\n{}",
                           view.kind == TableKind::materialized_view ? "MATERIALIZED " : "",
                           names_.table(after_, step.view), definition));
  }

 private:
  static std::vector<Statement> one(std::string text) { return {{std::move(text)}}; }

  std::string domain(const Catalog& catalog, const Domain& row) const {
    return names_.qualified(catalog, row.schema, row.name);
  }
  static std::string labels(const Enum& row) {
    std::vector<std::string> quoted;
    for (const EnumValue& value : row.values) quoted.push_back(quote_text(Engine::postgresql, value.label));
    return fmt::format("{}", fmt::join(quoted, ", "));
  }
  std::string drop_constraint(TableId table, std::string_view name) const {
    return fmt::format("ALTER TABLE {} DROP CONSTRAINT {}", names_.table(before_, table), quote(name));
  }
  std::string add_constraint(TableId table, std::string_view name, std::string_view definition) const {
    return fmt::format("ALTER TABLE {} ADD CONSTRAINT {} {}", names_.table(after_, table), quote(name),
                       definition);
  }
  std::vector<Statement> add_values(const AlterEnum& step, const std::string& name) const;
  void replace_type(const AlterEnum& step, std::vector<Statement>& statements) const;
  static std::string part(const Catalog& catalog, const IndexPart& part);

  const Difference& difference_;
  const Catalog& before_;
  const Catalog& after_;
  const RenderOptions& options_;
  PostgresNames names_;
};

std::vector<Statement> Renderer::operator()(const AlterDomain& step) const {
  const Domain& was = before_.domains[step.domains.before];
  const Domain& is = after_.domains[step.domains.after];
  const std::string alter = "ALTER DOMAIN " + domain(after_, is) + " ";
  std::vector<Statement> statements;
  if (was.default_expression != is.default_expression)
    statements.push_back(
        {alter + (is.default_expression.empty() ? "DROP DEFAULT" : "SET DEFAULT " + is.default_expression)});
  if (was.not_null != is.not_null)
    statements.push_back({alter + (is.not_null ? "SET NOT NULL" : "DROP NOT NULL")});
  for (const std::string& check : is.checks)
    if (std::ranges::find(was.checks, check) == was.checks.end())
      statements.push_back({alter + "ADD " + check});
  return statements;
}

std::vector<Statement> Renderer::operator()(const AlterEnum& step) const {
  const Enum& is = after_[step.enums.after];
  const std::string name = names_.qualified(after_, is.schema, is.name);
  std::vector<Statement> statements;
  for (const RenamedValue& value : step.renamed)
    statements.push_back(
        {fmt::format("ALTER TYPE {} RENAME VALUE {} TO {}", name, quote_text(Engine::postgresql, value.from),
                     quote_text(Engine::postgresql, value.to))});
  if (step.recreates()) {
    statements.push_back({"BEGIN"});
    replace_type(step, statements);
    statements.push_back({"COMMIT"});
    return statements;
  }
  for (Statement& statement : add_values(step, name)) statements.push_back(std::move(statement));
  return statements;
}

// A value that is used in the same script must have been committed before: its statements are a transaction
// of their own, and run again they do nothing.
std::vector<Statement> Renderer::add_values(const AlterEnum& step, const std::string& name) const {
  const bool is_tenon = difference_.compat == Compat::tenon;
  const bool commits = is_tenon && step.used_at_once;
  std::vector<Statement> statements;
  if (step.added.empty()) return statements;
  if (commits) statements.push_back({"BEGIN"});
  for (const AddedValue& value : step.added)
    statements.push_back(
        {fmt::format("ALTER TYPE {} ADD VALUE {}{}{}", name, commits ? "IF NOT EXISTS " : "",
                     quote_text(Engine::postgresql, value.label),
                     is_tenon && !value.before.empty()
                         ? fmt::format(" BEFORE {}", quote_text(Engine::postgresql, value.before))
                         : "")});
  if (commits) statements.push_back({"COMMIT"});
  return statements;
}

void Renderer::replace_type(const AlterEnum& step, std::vector<Statement>& statements) const {
  const Enum& is = after_[step.enums.after];
  const std::string next = names_.qualified(after_, is.schema, is.name + "_new");
  const std::string name = names_.qualified(after_, is.schema, is.name);
  statements.push_back({fmt::format("CREATE TYPE {} AS ENUM ({})", next, labels(is))});
  const auto table_of = [&](const Column& column) { return names_.table(before_, column.table); };
  for (const Pair<ColumnId>& columns : step.columns) {
    const Column& column = before_[columns.before];
    if (column.default_value.kind != Default::Kind::none)
      statements.push_back(
          {fmt::format("ALTER TABLE {} ALTER COLUMN {} DROP DEFAULT",
                       names_.introspected(before_[column.table].schema, before_[column.table].name),
                       quote(column.name))});
  }
  for (const Pair<ColumnId>& columns : step.columns) {
    const Column& column = before_[columns.before];
    const std::string type = next + (column.type.is_array() ? "[]" : "");
    statements.push_back({fmt::format("ALTER TABLE {0} ALTER COLUMN {1} TYPE {2} USING ({1}::text::{2})",
                                      table_of(column), quote(column.name), type)});
  }
  statements.push_back({fmt::format("ALTER TYPE {} RENAME TO {}", name, quote(is.name + "_old"))});
  statements.push_back({fmt::format("ALTER TYPE {} RENAME TO {}", next, quote(is.name))});
  const Enum& was = before_[step.enums.before];
  if (!step.drops_later)
    statements.push_back({fmt::format("DROP TYPE {}", names_.introspected(was.schema, is.name + "_old"))});
  for (const Pair<ColumnId>& columns : step.columns) {
    const std::string value = postgres_default(difference_, after_, after_[columns.after]);
    const Column& column = before_[columns.before];
    if (!value.empty() && column.default_value.kind != Default::Kind::none)
      statements.push_back({fmt::format("ALTER TABLE {} ALTER COLUMN {} SET DEFAULT {}", table_of(column),
                                        quote(column.name), value)});
  }
}

std::vector<Statement> Renderer::operator()(const CreateTable& step) const {
  const Table& table = after_[step.table];
  std::vector<std::string> lines;
  for (const ColumnId column : table.columns)
    lines.push_back("    " + postgres_column(difference_, after_, after_[column]));
  std::string text = fmt::format("CREATE {}TABLE {} (\n{}", table.unlogged ? "UNLOGGED " : "",
                                 names_.table(after_, step.table), fmt::join(lines, ",\n"));
  if (const std::optional<IndexId> key = after_.primary_key(step.table)) {
    const Index& index = after_[*key];
    std::vector<ColumnId> columns;
    for (const IndexPart& part : index.parts) columns.push_back(*part.column);
    text += fmt::format(",\n\n    CONSTRAINT {} PRIMARY KEY ({})", quote(index.name),
                        name_list(after_, columns, ","));
  }
  text += "\n)";
  if (!table.partition_key.empty()) text += " PARTITION BY " + table.partition_key;
  std::vector<Statement> statements{{std::move(text)}};
  if (!table.comment.empty())
    statements.push_back({fmt::format("COMMENT ON TABLE {} IS {}", names_.table(after_, step.table),
                                      quote_text(Engine::postgresql, table.comment))});
  for (const ColumnId id : table.columns)
    if (!after_[id].comment.empty())
      statements.push_back(
          {fmt::format("COMMENT ON COLUMN {}.{} IS {}", names_.table(after_, step.table),
                       quote(after_[id].name), quote_text(Engine::postgresql, after_[id].comment))});
  return statements;
}

std::string Renderer::part(const Catalog& catalog, const IndexPart& part) {
  std::string text = part.column ? quote(catalog[*part.column].name) : in_parentheses(part.expression);
  if (!part.collation.empty()) text += " COLLATE " + part.collation;
  if (!part.operator_class.empty()) text += " " + part.operator_class;
  if (part.descending) text += " DESC";
  if (part.nulls == NullsOrder::first && !part.descending) text += " NULLS FIRST";
  if (part.nulls == NullsOrder::last && part.descending) text += " NULLS LAST";
  return text;
}

std::vector<Statement> Renderer::operator()(const CreateIndex& step) const {
  const Index& index = after_[step.index];
  std::vector<std::string> parts;
  for (const IndexPart& each : index.parts) parts.push_back(part(after_, each));
  const std::string list = fmt::format("{}", fmt::join(parts, ", "));
  const std::string included =
      index.included.empty() ? "" : fmt::format(" INCLUDE ({})", name_list(after_, index.included));
  const std::string nulls = index.nulls_not_distinct ? " NULLS NOT DISTINCT" : "";
  const std::string table = names_.table(after_, index.table);
  if (index.is_constraint)
    return one(fmt::format("ALTER TABLE {} ADD CONSTRAINT {} UNIQUE{} ({}){}{}{}", table, quote(index.name),
                           nulls, list, included, index.deferrable ? " DEFERRABLE" : "",
                           index.initially_deferred ? " INITIALLY DEFERRED" : ""));
  std::string method;
  for (const char c : index.method) method += static_cast<char>(c >= 'a' && c <= 'z' ? c - 32 : c);
  const bool is_plain = index.method == "btree" || index.kind == IndexKind::unique;
  const bool exists = std::ranges::any_of(difference_.steps, [&](const Step& other) {
    const CreateTable* const created = std::get_if<CreateTable>(&other);
    return created != nullptr && created->table == index.table;
  });
  const bool concurrently = options_.online && !exists;
  std::string text =
      fmt::format("CREATE {}INDEX {}{} ON {}{}({}){}{}", index.kind == IndexKind::unique ? "UNIQUE " : "",
                  concurrently ? "CONCURRENTLY " : "", quote(index.name), table,
                  is_plain ? "" : fmt::format(" USING {} ", method), list, included, nulls);
  if (!index.predicate.empty()) text += " WHERE " + in_parentheses(index.predicate);
  return {{std::move(text), concurrently}};
}

std::vector<Statement> Renderer::operator()(const AddForeignKey& step) const {
  const ForeignKey& key = after_[step.key];
  const std::string table = names_.table(after_, key.table);
  std::string text = fmt::format(
      "ALTER TABLE {} ADD CONSTRAINT {} FOREIGN KEY ({}) REFERENCES {}({}) ON DELETE {} ON UPDATE {}", table,
      quote(key.name), name_list(after_, key.columns), names_.table(after_, key.target),
      name_list(after_, key.target_columns), action_words(key.on_delete), action_words(key.on_update));
  if (key.deferrable) text += " DEFERRABLE";
  if (key.initially_deferred) text += " INITIALLY DEFERRED";
  if (!options_.online) return one(std::move(text));
  return {
      {text + " NOT VALID"},
      {.text = fmt::format("ALTER TABLE {} VALIDATE CONSTRAINT {}", table, quote(key.name)), .alone = true}};
}

}  // namespace

std::vector<Statement> render_postgres(const Difference& difference, const Step& step,
                                       const RenderOptions& options) {
  return std::visit(Renderer(difference, options), step);
}

}  // namespace tenon::migrate
