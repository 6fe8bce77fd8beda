// The readable listing of a catalog. Everything that counts for equality is shown, so that two catalogs that
// differ print differently.
#include <span>

#include <fmt/format.h>

#include "catalog/catalog.h"

namespace tenon::catalog {

namespace {

// Text that could be taken for something else is quoted: spaces, capitals, nothing at all.
std::string quote(std::string_view text) {
  const bool plain =
      !text.empty() && text.find_first_not_of("abcdefghijklmnopqrstuvwxyz0123456789_.") == text.npos;
  if (plain) return std::string(text);
  std::string out = "\"";
  for (const char c : text) {
    if (c == '\n') {
      out += "\\n";
      continue;
    }
    if (c == '"' || c == '\\') out += '\\';
    out += c;
  }
  return out + "\"";
}

std::string_view word(ReferentialAction action) {
  switch (action) {
    case ReferentialAction::no_action:
      return "no action";
    case ReferentialAction::restrict:
      return "restrict";
    case ReferentialAction::cascade:
      return "cascade";
    case ReferentialAction::set_null:
      return "set null";
    case ReferentialAction::set_default:
      return "set default";
  }
  return "";
}

std::string_view word(IndexKind kind) {
  switch (kind) {
    case IndexKind::normal:
      return "index";
    case IndexKind::unique:
      return "unique";
    case IndexKind::primary:
      return "primary key";
    case IndexKind::fulltext:
      return "fulltext";
    case IndexKind::spatial:
      return "spatial";
  }
  return "";
}

std::string_view word(TableKind kind) {
  switch (kind) {
    case TableKind::table:
      return "table";
    case TableKind::partitioned_table:
      return "partitioned table";
    case TableKind::view:
      return "view";
    case TableKind::materialized_view:
      return "materialized view";
    case TableKind::foreign_table:
      return "foreign table";
    case TableKind::versioned_table:
      return "versioned table";
  }
  return "";
}

std::string_view word(ClientDefault::Kind kind) {
  switch (kind) {
    case ClientDefault::Kind::none:
      return "none";
    case ClientDefault::Kind::uuid:
      return "uuid";
    case ClientDefault::Kind::cuid:
      return "cuid";
    case ClientDefault::Kind::nanoid:
      return "nanoid";
    case ClientDefault::Kind::ulid:
      return "ulid";
  }
  return "";
}

class Listing {
 public:
  explicit Listing(const Catalog& catalog) : catalog_(catalog) {}

  std::string write() {
    for (const Database& one : catalog_.databases)
      line("database {} {}", quote(one.name), one.engine == Engine::mysql ? "mysql" : "postgresql");
    for (const Namespace& one : catalog_.schemas)
      line("schema {}{}", quote(one.name),
           catalog_.databases.empty() ? "" : " of " + quote(catalog_.databases[one.database.value].name));
    for (const Extension& one : catalog_.extensions)
      line("extension {} {} in {}", quote(one.name), quote(one.version), quote(one.schema));
    for (const Enum& one : catalog_.enums) write_enum(one);
    for (const Domain& one : catalog_.domains) write_domain(one);
    for (const Sequence& one : catalog_.sequences) write_sequence(one);
    for (std::uint32_t i = 0; i < catalog_.tables.size(); ++i) write_table(TableId{i});
    return std::move(out_);
  }

 private:
  template <class... Arguments>
  void line(fmt::format_string<Arguments...> format, Arguments&&... arguments) {
    fmt::format_to(std::back_inserter(out_), format, std::forward<Arguments>(arguments)...);
    end_line();
  }
  void end_line() { out_ += '\n'; }
  void word_if(bool condition, std::string_view text) {
    if (condition) out_ += " " + std::string(text);
  }
  void text_if(std::string_view label, std::string_view text) {
    if (!text.empty()) out_ += " " + std::string(label) + " " + quote(text);
  }

  std::string qualified(NamespaceId schema, std::string_view name) const {
    return quote(catalog_[schema].name) + "." + quote(name);
  }
  std::string qualified(TableId id) const { return qualified(catalog_[id].schema, catalog_[id].name); }
  std::string names(std::span<const ColumnId> ids) const {
    std::string text;
    for (const ColumnId id : ids) text += (text.empty() ? "" : ", ") + quote(catalog_[id].name);
    return text;
  }

  void write_enum(const Enum& one) {
    out_ += "enum " + qualified(one.schema, one.name) + ":";
    for (const EnumValue& value : one.values) {
      out_ += " " + quote(value.label);
      if (!value.value_name.empty()) out_ += "=" + quote(value.value_name);
    }
    text_if("as", one.enum_name);
    text_if("comment", one.comment);
    end_line();
  }

  void write_domain(const Domain& one) {
    out_ += "domain " + qualified(one.schema, one.name) + " " + type_text(one.base);
    word_if(one.not_null, "not null");
    text_if("default", one.default_expression);
    for (const std::string& check : one.checks) text_if("check", check);
    end_line();
  }

  void write_sequence(const Sequence& one) {
    out_ += fmt::format("sequence {} start {} increment {}", qualified(one.schema, one.name), one.start,
                        one.increment);
    if (one.owned_by)
      out_ +=
          " owned by " + qualified(catalog_[*one.owned_by].table) + "." + quote(catalog_[*one.owned_by].name);
    end_line();
  }

  // native[] (kind, length …)
  std::string type_text(const ColumnType& type) const {
    std::string text = type.native;
    for (int i = 0; i < type.array_dimensions; ++i) text += "[]";
    text += fmt::format(" ({}", to_string(type.kind));
    if (type.enum_id) text += " " + qualified(catalog_[*type.enum_id].schema, catalog_[*type.enum_id].name);
    if (type.length) text += fmt::format(" length {}", *type.length);
    if (type.precision) text += fmt::format(" precision {}", *type.precision);
    if (type.scale) text += fmt::format(" scale {}", *type.scale);
    if (type.is_unsigned) text += " unsigned";
    if (!type.domain.empty()) text += " domain " + type.domain;
    return text + ")";
  }

  static std::string default_text(const Default& value) {
    switch (value.kind) {
      case Default::Kind::none:
        return "none";
      case Default::Kind::literal: {
        if (!value.is_array) return "literal " + quote(value.text);
        std::string text = "literal [";
        for (const std::string& item : value.items) text += (text.ends_with('[') ? "" : ", ") + quote(item);
        return text + "]";
      }
      case Default::Kind::expression:
        return "expression " + quote(value.text);
      case Default::Kind::now:
        return "now";
      case Default::Kind::autoincrement:
        return value.sequence.empty() ? "autoincrement" : "autoincrement " + quote(value.sequence);
    }
    return "";
  }

  void write_table(TableId id) {
    const Table& table = catalog_[id];
    end_line();
    out_ += std::string(word(table.kind)) + " " + qualified(id);
    text_if("partition by", table.partition_key);
    word_if(table.unlogged, "unlogged");
    text_if("engine", table.storage_engine);
    text_if("collation", table.collation);
    word_if(table.row_level_security, "row level security");
    word_if(table.inherits, "inherits");
    word_if(table.has_subclasses, "has subclasses");
    text_if("as model", table.model_name);
    word_if(table.ignored, "ignored");
    word_if(table.implicit_link, "implicit link");
    text_if("comment", table.comment);
    end_line();
    for (const ColumnId column : table.columns) write_column(catalog_[column]);
    for (const IndexId index : table.indexes) write_index(catalog_[index]);
    for (const ForeignKeyId key : table.foreign_keys) write_foreign_key(catalog_[key]);
    for (const CheckConstraint& check : catalog_.checks)
      if (check.table == id)
        line("  check {} {}{}", quote(check.name), quote(check.definition),
             check.validated ? "" : " not valid");
    for (const ExclusionConstraint& one : catalog_.exclusions)
      if (one.table == id) line("  exclusion {} {}", quote(one.name), quote(one.definition));
    if (!table.definition.empty()) line("  definition {}", quote(table.definition));
  }

  void write_column(const Column& column) {
    out_ += "  " + quote(column.name) + " " + type_text(column.type);
    word_if(!column.nullable, "not null");
    if (column.default_value.kind != Default::Kind::none)
      out_ += " default " + default_text(column.default_value);
    word_if(column.identity == Identity::always, "identity always");
    word_if(column.identity == Identity::by_default, "identity by default");
    text_if(column.generated_stored ? "generated stored" : "generated virtual", column.generated);
    text_if("on update", column.on_update);
    text_if("collation", column.collation);
    word_if(column.invisible, "invisible");
    text_if("as field", column.field_name);
    if (column.client_default.kind != ClientDefault::Kind::none)
      out_ += fmt::format(" client default {}({})", word(column.client_default.kind),
                          column.client_default.argument);
    word_if(column.updated_at, "updated at");
    word_if(column.ignored, "ignored");
    text_if("comment", column.comment);
    end_line();
  }

  std::string part_text(const IndexPart& part) const {
    std::string text =
        part.column ? quote(catalog_[*part.column].name) : "expression " + quote(part.expression);
    if (part.length) text += fmt::format("({})", *part.length);
    if (!part.collation.empty()) text += " collation " + quote(part.collation);
    if (!part.operator_class.empty()) text += " class " + quote(part.operator_class);
    if (part.descending) text += " desc";
    if (part.nulls == NullsOrder::first) text += " nulls first";
    if (part.nulls == NullsOrder::last) text += " nulls last";
    return text;
  }

  void write_index(const Index& index) {
    out_ += fmt::format("  {} {} {} (", word(index.kind), quote(index.name), index.method);
    for (std::size_t i = 0; i < index.parts.size(); ++i)
      out_ += (i > 0 ? ", " : "") + part_text(index.parts[i]);
    out_ += ")";
    if (!index.included.empty()) out_ += " include (" + names(index.included) + ")";
    word_if(index.nulls_not_distinct, "nulls not distinct");
    text_if("where", index.predicate);
    word_if(index.is_constraint, "constraint");
    word_if(index.deferrable, "deferrable");
    word_if(index.initially_deferred, "initially deferred");
    text_if("as", index.client_name);
    end_line();
  }

  void write_foreign_key(const ForeignKey& key) {
    out_ += fmt::format("  foreign key {} ({}) to {} ({})", quote(key.name), names(key.columns),
                        qualified(key.target), names(key.target_columns));
    if (key.on_delete != ReferentialAction::no_action)
      out_ += fmt::format(" on delete {}", word(key.on_delete));
    if (key.on_update != ReferentialAction::no_action)
      out_ += fmt::format(" on update {}", word(key.on_update));
    word_if(key.deferrable, "deferrable");
    word_if(key.initially_deferred, "initially deferred");
    word_if(!key.validated, "not valid");
    text_if("as relation", key.relation_name);
    text_if("as field", key.field_name);
    text_if("back field", key.back_field_name);
    end_line();
  }

  const Catalog& catalog_;
  std::string out_;
};

}  // namespace

std::string describe(const Catalog& catalog) { return Listing(catalog).write(); }

}  // namespace tenon::catalog
