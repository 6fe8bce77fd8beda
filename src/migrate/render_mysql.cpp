// MySQL's statements.
#include <algorithm>
#include <utility>

#include <fmt/format.h>
#include <fmt/ranges.h>

#include "migrate/ddl.h"
#include "migrate/hazard_rules.h"

namespace tenon::migrate {

using namespace catalog;

namespace {

std::string quote(std::string_view name) { return quote_name(Engine::mysql, name); }

class Renderer {
 public:
  Renderer(const Difference& difference, const RenderOptions& options)
      : difference_(difference),
        before_(difference.before()),
        after_(difference.after()),
        options_(options) {}

  std::vector<Statement> operator()(const DropForeignKey& step) const {
    const ForeignKey& key = before_[step.key];
    return one(fmt::format("ALTER TABLE {} DROP FOREIGN KEY {}", table(before_, key.table), quote(key.name)));
  }
  std::vector<Statement> operator()(const DropCheck& step) const {
    const CheckConstraint& row = before_.checks[step.check];
    return one(fmt::format("ALTER TABLE {} DROP CONSTRAINT {}", table(before_, row.table), quote(row.name)));
  }
  std::vector<Statement> operator()(const AddCheck& step) const {
    const CheckConstraint& row = after_.checks[step.check];
    return one(fmt::format("ALTER TABLE {} ADD CONSTRAINT {} {}", table(after_, row.table), quote(row.name),
                           row.definition));
  }
  std::vector<Statement> operator()(const DropView& step) const {
    return one(fmt::format("DROP VIEW {}", table(before_, step.view)));
  }
  std::vector<Statement> operator()(const CreateView& step) const {
    return one(fmt::format("CREATE VIEW {} AS\n{}", table(after_, step.view), after_[step.view].definition));
  }
  std::vector<Statement> operator()(const DropIndex& step) const {
    const Index& index = before_[step.index];
    return one(fmt::format("DROP INDEX {} ON {}", quote(index.name), table(before_, index.table)));
  }
  std::vector<Statement> operator()(const RenameTable& step) const {
    return one(fmt::format("ALTER TABLE {} RENAME TO {}",
                           quote(step.from.empty() ? before_[step.tables.before].name : step.from),
                           quote(step.to.empty() ? after_[step.tables.after].name : step.to)));
  }
  std::vector<Statement> operator()(const RenameColumn& step) const {
    const Column& is = after_[step.columns.after];
    return one(fmt::format("ALTER TABLE {} RENAME COLUMN {} TO {}", table(after_, is.table),
                           quote(step.from.empty() ? before_[step.columns.before].name : step.from),
                           quote(step.to.empty() ? is.name : step.to)));
  }
  std::vector<Statement> operator()(const DropTable& step) const {
    return one(fmt::format("DROP TABLE {}", table(before_, step.table)));
  }
  std::vector<Statement> operator()(const AddForeignKey& step) const {
    const ForeignKey& key = after_[step.key];
    return one(fmt::format(
        "ALTER TABLE {} ADD CONSTRAINT {} FOREIGN KEY ({}) REFERENCES {}({}) ON DELETE {} ON UPDATE {}",
        table(after_, key.table), quote(key.name), name_list(after_, key.columns), table(after_, key.target),
        name_list(after_, key.target_columns), action_words(key.on_delete), action_words(key.on_update)));
  }
  std::vector<Statement> operator()(const RenameIndex& step) const {
    const Index& is = after_[step.indexes.after];
    return one(fmt::format("ALTER TABLE {} RENAME INDEX {} TO {}", table(after_, is.table),
                           quote(before_[step.indexes.before].name), quote(is.name)));
  }
  std::vector<Statement> operator()(const CreateIndex& step) const {
    const Index& index = after_[step.index];
    std::string text = fmt::format("CREATE {}INDEX {} ON {}({})", kind_word(index.kind), quote(index.name),
                                   table(after_, index.table), parts(index));
    // Refused where the engine would have to block writers.
    if (options_.online && (index.kind == IndexKind::normal || index.kind == IndexKind::unique))
      text += " ALGORITHM=INPLACE LOCK=NONE";
    return one(std::move(text));
  }
  std::vector<Statement> operator()(const CreateTable& step) const;
  std::vector<Statement> operator()(const AlterTable& step) const;

  // What only PostgreSQL has.
  template <class Other>
  std::vector<Statement> operator()(const Other&) const {
    return {};
  }

 private:
  static std::vector<Statement> one(std::string text) { return {{std::move(text)}}; }
  static std::string table(const Catalog& catalog, TableId id) { return quote(catalog[id].name); }

  static std::string_view kind_word(IndexKind kind) {
    switch (kind) {
      case IndexKind::unique:
        return "UNIQUE ";
      case IndexKind::fulltext:
        return "FULLTEXT ";
      case IndexKind::spatial:
        return "SPATIAL ";
      default:
        return "";
    }
  }

  std::string parts(const Index& index) const {
    std::vector<std::string> list;
    for (const IndexPart& part : index.parts) {
      std::string text = part.column ? quote(after_[*part.column].name) : in_parentheses(part.expression);
      if (part.length) text += fmt::format("({})", *part.length);
      if (part.descending) text += " DESC";
      list.push_back(std::move(text));
    }
    return fmt::format("{}", fmt::join(list, ", "));
  }

  // What schema files cannot say about a column comes from the one before, when there is one.
  std::string column(const Column& is, const Column* was) const {
    const bool from_files = difference_.origins.after == Origin::schema_files;
    const Column& rest = from_files && was != nullptr ? *was : is;
    std::string text = fmt::format("{} {}", quote(is.name), mysql_type(after_, is.type));
    if (difference_.compat == Compat::tenon && !rest.collation.empty() && is_text(is.type.kind))
      text += " COLLATE " + rest.collation;
    if (!rest.generated.empty() && difference_.compat == Compat::tenon)
      return text + fmt::format(" GENERATED ALWAYS AS {} {}{}", in_parentheses(rest.generated),
                                rest.generated_stored ? "STORED" : "VIRTUAL", is.nullable ? "" : " NOT NULL");
    text += is.nullable ? " NULL" : " NOT NULL";
    const std::string value = mysql_default(difference_, is);
    if (!value.empty()) text += " DEFAULT " + value;
    if (is.default_value.kind == Default::Kind::autoincrement) text += " AUTO_INCREMENT";
    if (difference_.compat == Compat::prisma) return text;
    if (!rest.on_update.empty()) text += " ON UPDATE " + rest.on_update;
    if (!rest.comment.empty()) text += " COMMENT " + quote_text(Engine::mysql, rest.comment);
    return text;
  }

  // Names of collations begin with their character set's.
  std::string character_set(const Table& row) const {
    const bool is_known = difference_.compat == Compat::tenon && !row.collation.empty();
    const std::string collation = is_known ? row.collation : "utf8mb4_unicode_ci";
    return fmt::format("DEFAULT CHARACTER SET {} COLLATE {}", collation.substr(0, collation.find('_')),
                       collation);
  }

  static bool is_text(TypeKind kind) {
    return kind == TypeKind::text || kind == TypeKind::varchar || kind == TypeKind::character ||
           kind == TypeKind::enumeration || kind == TypeKind::set;
  }

  std::string key_columns(IndexId key) const { return parts(after_[key]); }
  void alter(const ColumnChange& change, std::vector<std::string>& clauses) const;
  void rename_values(const AlterTable& step, const ColumnChange& change,
                     std::vector<Statement>& statements) const;
  bool is_online(const AlterTable& step) const;

  const Difference& difference_;
  const Catalog& before_;
  const Catalog& after_;
  const RenderOptions& options_;
};

std::vector<Statement> Renderer::operator()(const CreateTable& step) const {
  const Table& row = after_[step.table];
  std::vector<std::string> lines;
  for (const ColumnId id : row.columns) lines.push_back("    " + column(after_[id], nullptr));
  std::vector<std::string> keys;
  for (const IndexId id : row.indexes)
    if (after_[id].kind != IndexKind::primary)
      keys.push_back(fmt::format("    {}INDEX {}({})", kind_word(after_[id].kind), quote(after_[id].name),
                                 parts(after_[id])));
  if (const std::optional<IndexId> key = after_.primary_key(step.table))
    keys.push_back(fmt::format("    PRIMARY KEY ({})", key_columns(*key)));
  std::string text = fmt::format("CREATE TABLE {} (\n{}", quote(row.name), fmt::join(lines, ",\n"));
  if (!keys.empty()) text += fmt::format(",\n\n{}", fmt::join(keys, ",\n"));
  text += "\n) " + character_set(row);
  if (!row.comment.empty()) text += " COMMENT = " + quote_text(Engine::mysql, row.comment);
  return one(std::move(text));
}

// Adding a column, dropping one, and what is required or the default need no copy of the table.
bool Renderer::is_online(const AlterTable& step) const {
  return std::ranges::all_of(step.changes, [this](const TableChange& change) {
    if (const auto* alter = std::get_if<AlterColumn>(&change)) {
      ColumnChange rest = alter->change;
      rest.nullability_changed = rest.default_changed = rest.comment_changed = false;
      return !rest.any() && !(alter->change.becomes_required(difference_.catalogs) &&
                              has_changing_default(after_[rest.columns.after]));
    }
    return std::holds_alternative<AddColumn>(change) || std::holds_alternative<DropColumn>(change);
  });
}

std::vector<Statement> Renderer::operator()(const AlterTable& step) const {
  std::vector<Statement> statements;
  std::vector<std::string> clauses;
  for (const TableChange& each : step.changes) {
    if (std::holds_alternative<DropPrimaryKey>(each)) clauses.emplace_back("DROP PRIMARY KEY");
    if (const auto* drop = std::get_if<DropColumn>(&each))
      clauses.push_back("DROP COLUMN " + quote(before_[drop->column].name));
    if (const auto* add = std::get_if<AddColumn>(&each))
      clauses.push_back("ADD COLUMN " + column(after_[add->column], nullptr));
    if (const auto* change = std::get_if<AlterColumn>(&each)) {
      rename_values(step, change->change, statements);
      alter(change->change, clauses);
    }
    if (const auto* key = std::get_if<AddPrimaryKey>(&each))
      clauses.push_back(fmt::format("ADD PRIMARY KEY ({})", key_columns(key->key)));
    if (std::holds_alternative<SetTableComment>(each))
      clauses.push_back("COMMENT = " + quote_text(Engine::mysql, after_[step.tables.after].comment));
  }
  if (clauses.empty()) return statements;
  const bool online = options_.online && is_online(step);
  if (online) clauses.emplace_back("ALGORITHM=INPLACE, LOCK=NONE");
  const bool requires_values = std::ranges::any_of(step.changes, [&](const TableChange& each) {
    const auto* change = std::get_if<AlterColumn>(&each);
    return change != nullptr && change->change.becomes_required(difference_.catalogs);
  });
  statements.push_back({.text = fmt::format("ALTER TABLE {} {}", table(after_, step.tables.after),
                                            fmt::join(clauses, ",\n    ")),
                        .approved = online && requires_values ? "table-rewrite" : ""});
  return statements;
}

// Rows get the new label while the column knows both; labels that differ in case alone are the same to MySQL.
void Renderer::rename_values(const AlterTable& step, const ColumnChange& change,
                             std::vector<Statement>& statements) const {
  if (change.renamed_values.empty()) return;
  const Column& was = before_[change.columns.before];
  const Column& is = after_[change.columns.after];
  const auto folded = [](std::string text) {
    std::ranges::transform(text, text.begin(),
                           [](char c) { return static_cast<char>(c >= 'A' && c <= 'Z' ? c + 32 : c); });
    return text;
  };
  std::vector<std::string> labels;
  for (const EnumValue& value : before_[*was.type.enum_id].values)
    labels.push_back(quote_text(Engine::mysql, value.label));
  std::vector<Statement> updates;
  for (const RenamedValue& value : change.renamed_values) {
    if (folded(value.from) == folded(value.to)) continue;
    labels.push_back(quote_text(Engine::mysql, value.to));
    updates.push_back({fmt::format("UPDATE {} SET {} = {} WHERE {} = {}", table(after_, step.tables.after),
                                   quote(is.name), quote_text(Engine::mysql, value.to), quote(is.name),
                                   quote_text(Engine::mysql, value.from))});
  }
  if (updates.empty()) return;
  statements.push_back(
      {fmt::format("ALTER TABLE {} MODIFY {} ENUM({}) {}", table(after_, step.tables.after), quote(is.name),
                   fmt::join(labels, ", "), was.nullable ? "NULL" : "NOT NULL")});
  statements.insert(statements.end(), updates.begin(), updates.end());
}

void Renderer::alter(const ColumnChange& change, std::vector<std::string>& clauses) const {
  const Column& was = before_[change.columns.before];
  const Column& is = after_[change.columns.after];
  if (change.recreates()) {
    clauses.push_back("DROP COLUMN " + quote(is.name));
    clauses.push_back("ADD COLUMN " + column(is, nullptr));
    return;
  }
  ColumnChange rest = change;
  rest.default_changed = false;
  if (!rest.any() && is.default_value.kind == Default::Kind::none) {
    clauses.push_back(fmt::format("ALTER COLUMN {} DROP DEFAULT", quote(is.name)));
    return;
  }
  clauses.push_back("MODIFY " + column(is, &was));
}

}  // namespace

std::vector<Statement> render_mysql(const Difference& difference, const Step& step,
                                    const RenderOptions& options) {
  return std::visit(Renderer(difference, options), step);
}

}  // namespace tenon::migrate
