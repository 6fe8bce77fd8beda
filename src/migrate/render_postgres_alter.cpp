// Changes of a PostgreSQL table: one ALTER TABLE where its clauses can stand together, and what has to come
// before and after it.
#include <algorithm>

#include <fmt/format.h>
#include <fmt/ranges.h>

#include "migrate/cast.h"
#include "migrate/render_postgres.h"

namespace tenon::migrate {

using namespace catalog;

namespace {

class Alter {
 public:
  Alter(const Difference& difference, const AlterTable& step, const RenderOptions& options)
      : difference_(difference),
        before_(difference.before()),
        after_(difference.after()),
        step_(step),
        options_(options),
        names_(difference),
        table_(names_.table(after_, step.tables.after)) {}

  std::vector<Statement> run() {
    for (const TableChange& change : step_.changes) std::visit(*this, change);
    std::vector<Statement> statements = std::move(first_);
    if (!clauses_.empty())
      statements.push_back({fmt::format("ALTER TABLE {} {}", table_, fmt::join(clauses_, ",\n"))});
    statements.insert(statements.end(), last_.begin(), last_.end());
    return statements;
  }

  void operator()(const DropPrimaryKey& change) {
    clauses_.push_back(fmt::format("DROP CONSTRAINT {}", quote(before_[change.key].name)));
  }
  void operator()(const RenamePrimaryKey& change) {
    first_.push_back(
        {fmt::format("ALTER TABLE {} RENAME CONSTRAINT {} TO {}", table_,
                     quote(before_[change.keys.before].name), quote(after_[change.keys.after].name))});
  }
  void operator()(const DropColumn& change) {
    clauses_.push_back(fmt::format("DROP COLUMN {}", quote(before_[change.column].name)));
  }
  void operator()(const AddColumn& change) {
    const Column& column = after_[change.column];
    clauses_.push_back("ADD COLUMN     " + postgres_column(difference_, after_, column));
    if (!column.comment.empty()) comment(column);
  }
  void operator()(const AddPrimaryKey& change) {
    const Index& index = after_[change.key];
    std::vector<ColumnId> columns;
    for (const IndexPart& part : index.parts) columns.push_back(*part.column);
    const bool alone = step_.changes.size() == 1;
    if (options_.online && alone) {
      first_.push_back({fmt::format("CREATE UNIQUE INDEX CONCURRENTLY {} ON {}({})", quote(index.name),
                                    table_, name_list(after_, columns)),
                        true});
      clauses_.push_back(fmt::format("ADD CONSTRAINT {0} PRIMARY KEY USING INDEX {0}", quote(index.name)));
      return;
    }
    clauses_.push_back(
        fmt::format("ADD CONSTRAINT {} PRIMARY KEY ({})", quote(index.name), name_list(after_, columns)));
  }
  void operator()(const SetTableComment&) {
    last_.push_back(
        {fmt::format("COMMENT ON TABLE {} IS {}", table_, text_or_null(after_[step_.tables.after].comment))});
  }
  void operator()(const AlterColumn& change) { alter(change.change); }

 private:
  bool is_tenon() const { return difference_.compat == Compat::tenon; }

  static std::string text_or_null(const std::string& text) {
    return text.empty() ? "NULL" : quote_text(Engine::postgresql, text);
  }
  void comment(const Column& column) {
    last_.push_back({fmt::format("COMMENT ON COLUMN {}.{} IS {}", table_, quote(column.name),
                                 text_or_null(column.comment))});
  }

  void alter(const ColumnChange& change) {
    const Column& was = before_[change.columns.before];
    const Column& is = after_[change.columns.after];
    if (change.comment_changed) comment(is);
    if (change.recreates()) {
      clauses_.push_back(fmt::format("DROP COLUMN {}", quote(is.name)));
      clauses_.push_back("ADD COLUMN     " + postgres_column(difference_, after_, is));
      return;
    }
    const std::string column = fmt::format("ALTER COLUMN {} ", quote(is.name));
    set_nullability(change, column);
    const bool resets = set_default(change, was, is, column);
    if (change.type_changed || change.collation_changed) set_type(change, was, is, column);
    if (resets) clauses_.push_back(column + "SET DEFAULT " + postgres_default(difference_, after_, is));
  }

  void set_nullability(const ColumnChange& change, const std::string& column) {
    const Column& is = after_[change.columns.after];
    const bool from_list = change.arity_changed && before_[change.columns.before].type.is_array() &&
                           !is.nullable && before_[change.columns.before].nullable;
    const bool to_list = change.arity_changed && is.type.is_array() &&
                         !before_[change.columns.before].nullable &&
                         difference_.origins.after == Origin::schema_files;
    if (change.becomes_nullable(difference_.catalogs) || to_list) {
      clauses_.push_back(column + "DROP NOT NULL");
    } else if (change.becomes_required(difference_.catalogs) || from_list ||
               (change.arity_changed && !is.nullable && !is.type.is_array())) {
      if (options_.online && is_tenon()) check_not_null(is);
      clauses_.push_back(column + "SET NOT NULL");
    }
  }

  // A validated check lets SET NOT NULL believe instead of read the table.
  void check_not_null(const Column& column) {
    const std::string name = quote(column.name + "_not_null");
    first_.push_back({fmt::format("ALTER TABLE {} ADD CONSTRAINT {} CHECK ({} IS NOT NULL) NOT VALID", table_,
                                  name, quote(column.name))});
    first_.push_back(
        {.text = fmt::format("ALTER TABLE {} VALIDATE CONSTRAINT {}", table_, name), .alone = true});
    last_.push_back({fmt::format("ALTER TABLE {} DROP CONSTRAINT {}", table_, name)});
  }

  // True when the default has to be set again once the type is another.
  bool set_default(const ColumnChange& change, const Column& was, const Column& is,
                   const std::string& column) {
    if (change.autoincrement_changed) {
      change_autoincrement(was, is, column);
      return false;
    }
    const std::string text = postgres_default(difference_, after_, is);
    const bool has_default = was.default_value.kind != Default::Kind::none &&
                             was.default_value.kind != Default::Kind::autoincrement;
    if (is_tenon() && change.type_changed && has_default && converts_explicitly(was, is)) {
      clauses_.push_back(column + "DROP DEFAULT");
      return !text.empty();
    }
    if (change.default_changed)
      clauses_.push_back(column + (text.empty() ? "DROP DEFAULT" : "SET DEFAULT " + text));
    return false;
  }

  static bool converts_explicitly(const Column& was, const Column& is) {
    const std::optional<std::string> conversion = postgres_using({&was.type, &is.type});
    return (conversion && !conversion->empty()) || was.type.kind == TypeKind::enumeration;
  }

  void change_autoincrement(const Column& was, const Column& is, const std::string& column) {
    const std::string text = postgres_default(difference_, after_, is);
    if (was.identity != Identity::none) {
      clauses_.push_back(column + "DROP IDENTITY");
    } else if (was.default_value.kind == Default::Kind::autoincrement) {
      clauses_.push_back(column + "DROP DEFAULT");
      if (const std::optional<std::string> sequence = own_sequence(was))
        last_.push_back({fmt::format("DROP SEQUENCE {}", *sequence)});
    }
    if (is.identity != Identity::none) {
      clauses_.push_back(column + fmt::format("ADD GENERATED {} AS IDENTITY",
                                              is.identity == Identity::always ? "ALWAYS" : "BY DEFAULT"));
    } else if (is.default_value.kind == Default::Kind::autoincrement) {
      if (uses_free_sequence(after_, is))
        clauses_.push_back(column + "SET DEFAULT " + text);
      else
        make_sequence(is, column);
    } else if (!text.empty()) {
      clauses_.push_back(column + "SET DEFAULT " + text);
    }
  }

  // The sequence behind a serial column, as DROP and ALTER name it; nullopt when it is not the column's own.
  std::optional<std::string> own_sequence(const Column& column) const {
    if (uses_free_sequence(before_, column)) return std::nullopt;
    const Table& owner = before_[column.table];
    for (const Sequence& row : before_.sequences)
      if (row.owned_by && &before_[*row.owned_by] == &column)
        return names_.qualified(before_, row.schema, row.name);
    return names_.qualified(before_, owner.schema, serial_sequence_name(owner.name, column.name));
  }

  void make_sequence(const Column& column, const std::string& clause) {
    const Table& owner = after_[column.table];
    std::string name = serial_sequence_name(owner.name, column.name);
    std::ranges::transform(name, name.begin(),
                           [](char c) { return static_cast<char>(c >= 'A' && c <= 'Z' ? c + 32 : c); });
    if (name.find_first_not_of("abcdefghijklmnopqrstuvwxyz0123456789_") != std::string::npos ||
        (name[0] >= '0' && name[0] <= '9'))
      name = quote(name);
    if (is_tenon()) name = names_.prefix(after_, owner.schema) + name;
    first_.push_back({fmt::format("CREATE SEQUENCE {}", name)});
    // Numbers that rows have already are not given again.
    if (is_tenon())
      last_.push_back({fmt::format("SELECT setval({}, COALESCE(MAX({}), 0) + 1, false) FROM {}",
                                   quote_text(Engine::postgresql, name), quote(column.name), table_)});
    clauses_.push_back(clause + fmt::format("SET DEFAULT nextval({})", quote_text(Engine::postgresql, name)));
    last_.insert(last_.begin(),
                 {fmt::format("ALTER SEQUENCE {} OWNED BY {}.{}", name, table_, quote(column.name))});
  }

  void set_type(const ColumnChange& change, const Column& was, const Column& is, const std::string& column) {
    std::string type = postgres_type(difference_, after_, is.type);
    const bool stays_serial = was.default_value.kind == Default::Kind::autoincrement &&
                              !change.autoincrement_changed && was.identity == Identity::none;
    if (stays_serial && !is_tenon()) type = serial_word(is.type.kind);
    std::string clause = column + "SET DATA TYPE " + type;
    if (change.collation_changed && !is.collation.empty()) clause += " COLLATE " + is.collation;
    const std::optional<std::string> conversion =
        is_tenon() && change.type_changed ? postgres_using({&was.type, &is.type}) : std::nullopt;
    if (conversion && !conversion->empty())
      clause += " USING " +
                in_parentheses(fmt::format(fmt::runtime(*conversion), quote(is.name), fmt::arg("type", type),
                                           fmt::arg("element", element_type(is.type))));
    clauses_.push_back(std::move(clause));
    if (!stays_serial || !is_tenon()) return;
    if (const std::optional<std::string> sequence = own_sequence(was))
      last_.push_back({fmt::format("ALTER SEQUENCE IF EXISTS {} AS {}", *sequence, type)});
  }

  std::string element_type(ColumnType type) const {
    type.array_dimensions = 0;
    return postgres_type(difference_, after_, type);
  }

  static std::string serial_word(TypeKind kind) {
    if (kind == TypeKind::int16) return "SMALLSERIAL";
    return kind == TypeKind::int64 ? "BIGSERIAL" : "SERIAL";
  }

  const Difference& difference_;
  const Catalog& before_;
  const Catalog& after_;
  const AlterTable& step_;
  const RenderOptions& options_;
  PostgresNames names_;
  std::string table_;
  std::vector<Statement> first_;
  std::vector<std::string> clauses_;
  std::vector<Statement> last_;
};

}  // namespace

std::vector<Statement> render_postgres_alter(const Difference& difference, const AlterTable& step,
                                             const RenderOptions& options) {
  return Alter(difference, step, options).run();
}

}  // namespace tenon::migrate
