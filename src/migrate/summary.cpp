#include "migrate/summary.h"

#include <map>
#include <vector>

#include <fmt/format.h>
#include <fmt/ranges.h>

#include "base/base64.h"

namespace tenon::migrate {

using namespace catalog;

namespace {

std::string rust_text(const std::string& text) {
  std::string out = "\"";
  for (const char c : text) out += c == '"' || c == '\\' ? std::string("\\") + c : std::string(1, c);
  return out + '"';
}

// How Prisma shows a default: as its program holds it.
std::string prisma_value(const Column& column, const std::string& text) {
  switch (column.type.kind) {
    case TypeKind::int64:
      return fmt::format("BigInt({})", text);
    case TypeKind::int8:
    case TypeKind::int16:
    case TypeKind::int24:
    case TypeKind::int32:
    case TypeKind::oid:
    case TypeKind::year:
      return fmt::format("Int({})", text);
    case TypeKind::boolean:
      return fmt::format("Boolean({})", text);
    case TypeKind::float32:
    case TypeKind::float64:
    case TypeKind::decimal:
    case TypeKind::money:
      return fmt::format("Float({})", text);
    case TypeKind::enumeration:
      return fmt::format("Enum(\"{}\")", text);
    case TypeKind::json:
    case TypeKind::jsonb:
      return fmt::format("Json({})", rust_text(text));
    case TypeKind::bytes: {
      const std::string bytes = base::decode_hex(std::string_view(text).substr(2)).value_or("");
      std::vector<unsigned> numbers;
      for (const char c : bytes) numbers.push_back(static_cast<unsigned char>(c));
      return fmt::format("Bytes([{}])", fmt::join(numbers, ", "));
    }
    default:
      return fmt::format("String({})", rust_text(text));
  }
}

std::string prisma_default(const Column& column) {
  const Default& value = column.default_value;
  switch (value.kind) {
    case Default::Kind::none:
    case Default::Kind::autoincrement:
      return "None";
    case Default::Kind::now:
      return "Some(Now)";
    case Default::Kind::expression:
      return value.text.empty() ? "Some(DbGenerated(None))"
                                : fmt::format("Some(DbGenerated(Some({})))", rust_text(value.text));
    case Default::Kind::literal:
      break;
  }
  if (!value.is_array) return fmt::format("Some(Value({}))", prisma_value(column, value.text));
  std::vector<std::string> items;
  for (const std::string& item : value.items) items.push_back(prisma_value(column, item));
  return fmt::format("Some(Value(List([{}])))", fmt::join(items, ", "));
}

std::string plain_default(const Column& column) {
  const Default& value = column.default_value;
  switch (value.kind) {
    case Default::Kind::none:
      return "none";
    case Default::Kind::autoincrement:
      return "autoincrement()";
    case Default::Kind::now:
      return "now()";
    case Default::Kind::expression:
      return fmt::format("dbgenerated({})", value.text);
    case Default::Kind::literal:
      break;
  }
  return value.is_array ? fmt::format("[{}]", fmt::join(value.items, ", ")) : value.text;
}

class Summary {
 public:
  explicit Summary(const Difference& difference)
      : difference_(difference), before_(difference.before()), after_(difference.after()) {}

  std::string run() {
    if (difference_.steps.empty()) return "No difference detected.";
    for (const Step& step : difference_.steps) std::visit(*this, step);
    std::string text;
    for (const std::string& name : extensions_) section(text, "[+] Added extensions", {name});
    section(text, "[+] Added Schemas", schemas_);
    section(text, "[+] Added enums", enums_added_);
    section(text, "[-] Removed enums", enums_removed_);
    section(text, "[+] Added tables", tables_added_);
    section(text, "[-] Removed tables", tables_removed_);
    section(text, "[+] Added views", views_added_);
    section(text, "[-] Removed views", views_removed_);
    section(text, "[*] Renamed", renamed_);
    section(text, "[*] Changed sequences", sequences_);
    section(text, "[*] Changed domains", domains_);
    for (const auto& [name, lines] : enums_changed_) changes(text, "enum", name, lines);
    for (const auto& [name, lines] : tables_changed_) changes(text, "table", name, lines);
    return text;
  }

  void operator()(const CreateSchema& step) { schemas_.push_back(after_[step.schema].name); }
  void operator()(const CreateExtension& step) {
    extensions_.push_back(after_.extensions[step.extension].name);
  }
  void operator()(const AlterExtension& step) {
    renamed_.push_back(
        fmt::format("extension `{}` (version or schema)", after_.extensions[step.extensions.after].name));
  }
  void operator()(const CreateSequence& step) {
    sequences_.push_back("+ " + after_.sequences[step.sequence].name);
  }
  void operator()(const AlterSequence& step) {
    sequences_.push_back("* " + after_.sequences[step.sequences.after].name);
  }
  void operator()(const DropSequence& step) {
    sequences_.push_back("- " + before_.sequences[step.sequence].name);
  }
  void operator()(const CreateDomain& step) { domains_.push_back("+ " + after_.domains[step.domain].name); }
  void operator()(const AlterDomain& step) {
    domains_.push_back("* " + after_.domains[step.domains.after].name);
  }
  void operator()(const DropDomain& step) { domains_.push_back("- " + before_.domains[step.domain].name); }
  void operator()(const RenameEnum& step) {
    renamed_.push_back(
        fmt::format("enum `{}` to `{}`", before_[step.enums.before].name, after_[step.enums.after].name));
  }
  void operator()(const CreateEnum& step) { enums_added_.push_back(after_[step.id].name); }
  void operator()(const DropEnum& step) {
    if (!step.replaced) enums_removed_.push_back(before_[step.id].name);
  }
  void operator()(const AlterEnum& step) {
    std::vector<std::string>& lines = enums_changed_[before_[step.enums.before].name];
    for (const RenamedValue& value : step.renamed)
      lines.push_back(fmt::format("[*] Renamed variant `{}` to `{}`", value.from, value.to));
    for (const AddedValue& value : step.added)
      lines.push_back(fmt::format("[+] Added variant `{}`", value.label));
    for (const std::string& label : step.removed)
      lines.push_back(fmt::format("[-] Removed variant `{}`", label));
    if (step.reordered) lines.emplace_back("[*] Changed the order of the variants");
  }

  void operator()(const CreateTable& step) { tables_added_.push_back(after_[step.table].name); }
  void operator()(const DropTable& step) { tables_removed_.push_back(before_[step.table].name); }
  void operator()(const CreateView& step) { views_added_.push_back(after_[step.view].name); }
  void operator()(const DropView& step) { views_removed_.push_back(before_[step.view].name); }
  void operator()(const RenameTable& step) {
    if (step.from.empty())
      renamed_.push_back(fmt::format("table `{}` to `{}`", before_[step.tables.before].name,
                                     after_[step.tables.after].name));
  }
  void operator()(const RenameColumn& step) {
    const Column& is = after_[step.columns.after];
    if (step.from.empty())
      of_after(is.table).push_back(
          fmt::format("[*] Renamed column `{}` to `{}`", before_[step.columns.before].name, is.name));
  }

  void operator()(const DropForeignKey& step) {
    const ForeignKey& key = before_[step.key];
    of_before(key.table).push_back(
        fmt::format("[-] Removed foreign key on columns ({})", names(before_, key.columns)));
  }
  void operator()(const AddForeignKey& step) {
    const ForeignKey& key = after_[step.key];
    of_after(key.table).push_back(
        fmt::format("[+] Added foreign key on columns ({})", names(after_, key.columns)));
  }
  void operator()(const RenameForeignKey& step) {
    const ForeignKey& is = after_[step.keys.after];
    of_after(is.table).push_back(
        fmt::format("[*] Renamed the foreign key \"{}\" to \"{}\"", before_[step.keys.before].name, is.name));
  }
  void operator()(const DropIndex& step) {
    const Index& index = before_[step.index];
    of_before(index.table)
        .push_back(fmt::format("[-] Removed {}index on columns ({})", unique_word(index),
                               names(before_, columns_of(index))));
  }
  void operator()(const CreateIndex& step) {
    const Index& index = after_[step.index];
    of_after(index.table)
        .push_back(fmt::format("[+] Added {}index on columns ({})", unique_word(index),
                               names(after_, columns_of(index))));
  }
  void operator()(const RenameIndex& step) {
    const Index& is = after_[step.indexes.after];
    of_after(is.table).push_back(
        fmt::format("[*] Renamed index `{}` to `{}`", before_[step.indexes.before].name, is.name));
  }
  void operator()(const DropCheck& step) {
    const CheckConstraint& row = before_.checks[step.check];
    of_before(row.table).push_back(fmt::format("[-] Removed check `{}`", row.name));
  }
  void operator()(const AddCheck& step) {
    const CheckConstraint& row = after_.checks[step.check];
    of_after(row.table).push_back(fmt::format("[+] Added check `{}`", row.name));
  }
  void operator()(const DropExclusion& step) {
    const ExclusionConstraint& row = before_.exclusions[step.exclusion];
    of_before(row.table).push_back(fmt::format("[-] Removed exclusion constraint `{}`", row.name));
  }
  void operator()(const AddExclusion& step) {
    const ExclusionConstraint& row = after_.exclusions[step.exclusion];
    of_after(row.table).push_back(fmt::format("[+] Added exclusion constraint `{}`", row.name));
  }

  void operator()(const AlterTable& step) {
    lines_ = &of_after(step.tables.after);
    for (const TableChange& change : step.changes) std::visit(*this, change);
  }
  void operator()(const DropPrimaryKey& change) {
    lines_->push_back(fmt::format("[-] Dropped the primary key on columns ({})",
                                  names(before_, columns_of(before_[change.key]))));
  }
  void operator()(const RenamePrimaryKey& change) {
    lines_->push_back(fmt::format("[*] Renamed the primary key `{}` to `{}`",
                                  before_[change.keys.before].name, after_[change.keys.after].name));
  }
  void operator()(const AddPrimaryKey& change) {
    lines_->push_back(
        fmt::format("[+] Added primary key on columns ({})", names(after_, columns_of(after_[change.key]))));
    // Prisma has a stray line there.
    if (difference_.compat == Compat::prisma) lines_->emplace_back(")");
  }
  void operator()(const DropColumn& change) {
    lines_->push_back(fmt::format("[-] Removed column `{}`", before_[change.column].name));
  }
  void operator()(const AddColumn& change) {
    lines_->push_back(fmt::format("[+] Added column `{}`", after_[change.column].name));
  }
  void operator()(const SetTableComment&) { lines_->emplace_back("[*] Changed the comment"); }
  void operator()(const AlterColumn& change) {
    const Column& is = after_[change.change.columns.after];
    lines_->push_back(change.change.recreates()
                          ? fmt::format("[*] Column `{}` would be dropped and recreated ({})", is.name,
                                        changed(change.change))
                          : fmt::format("[*] Altered column `{}` ({})", is.name, changed(change.change)));
  }

 private:
  static void section(std::string& text, std::string_view title, const std::vector<std::string>& names) {
    if (names.empty()) return;
    text += fmt::format("\n{}\n", title);
    for (const std::string& name : names) text += fmt::format("  - {}\n", name);
  }
  static void changes(std::string& text, std::string_view kind, const std::string& name,
                      const std::vector<std::string>& lines) {
    text += fmt::format("\n[*] Changed the `{}` {}\n", name, kind);
    for (const std::string& line : lines) text += line == ")" ? ")\n" : "  " + line + "\n";
  }

  std::vector<std::string>& of_before(TableId id) { return tables_changed_[before_[id].name]; }
  std::vector<std::string>& of_after(TableId id) { return tables_changed_[after_[id].name]; }
  static std::string_view unique_word(const Index& index) {
    return index.kind == IndexKind::unique ? "unique " : "";
  }
  static std::vector<ColumnId> columns_of(const Index& index) {
    std::vector<ColumnId> columns;
    for (const IndexPart& part : index.parts)
      if (part.column) columns.push_back(*part.column);
    return columns;
  }
  static std::string names(const Catalog& catalog, const std::vector<ColumnId>& columns) {
    std::vector<std::string> list;
    for (const ColumnId column : columns) list.push_back(catalog[column].name);
    return fmt::format("{}", fmt::join(list, ", "));
  }
  static std::string_view arity(const Column& column) {
    if (column.type.is_array()) return "List";
    return column.nullable ? "Nullable" : "Required";
  }

  std::string changed(const ColumnChange& change) const {
    const Column& was = before_[change.columns.before];
    const Column& is = after_[change.columns.after];
    std::vector<std::string> parts;
    if (change.nullability_changed || change.arity_changed)
      parts.push_back(fmt::format("changed from {} to {}", arity(was), arity(is)));
    if (change.default_changed) {
      const auto shown = difference_.compat == Compat::prisma ? prisma_default : plain_default;
      parts.push_back(fmt::format("default changed from `{}` to `{}`", shown(was), shown(is)));
    }
    if (change.type_changed) parts.emplace_back("type changed");
    if (change.autoincrement_changed)
      parts.emplace_back(is.default_value.kind == Default::Kind::autoincrement ||
                                 is.identity != Identity::none
                             ? "column became autoincrementing"
                             : "column is no longer autoincrementing");
    if (change.generated_changed) parts.emplace_back("generated expression changed");
    if (change.collation_changed) parts.emplace_back("collation or update rule changed");
    if (change.comment_changed) parts.emplace_back("comment changed");
    return fmt::format("{}", fmt::join(parts, ", "));
  }

  const Difference& difference_;
  const Catalog& before_;
  const Catalog& after_;
  std::vector<std::string> extensions_;
  std::vector<std::string> schemas_;
  std::vector<std::string> enums_added_;
  std::vector<std::string> enums_removed_;
  std::vector<std::string> tables_added_;
  std::vector<std::string> tables_removed_;
  std::vector<std::string> views_added_;
  std::vector<std::string> views_removed_;
  std::vector<std::string> renamed_;
  std::vector<std::string> sequences_;
  std::vector<std::string> domains_;
  std::map<std::string, std::vector<std::string>> enums_changed_;
  std::map<std::string, std::vector<std::string>> tables_changed_;
  std::vector<std::string>* lines_ = nullptr;
};

}  // namespace

std::string summary(const Difference& difference) { return Summary(difference).run(); }

}  // namespace tenon::migrate
