#include "migrate/warning.h"

#include <algorithm>

#include <fmt/format.h>
#include <fmt/ranges.h>

#include "migrate/cast.h"

namespace tenon::migrate {

using namespace catalog;

namespace {

using QuestionKind = CountQuestion::Kind;

std::uint64_t key_of(const CountQuestion& question) {
  const std::uint32_t id = question.column ? question.column->value : question.table.value;
  return static_cast<std::uint64_t>(question.kind) << 32U | id;
}

bool lacks_value(const Column& column) {
  return !column.nullable && !column.type.is_array() && column.default_value.kind == Default::Kind::none &&
         column.generated.empty() && column.identity == Identity::none;
}

// `Enum('A', 'B')`, `VarChar(10)`; lists with their brackets.
std::string type_word(const Catalog& catalog, const ColumnType& type) {
  std::string word = native_word(catalog.engine, type);
  if (type.kind == TypeKind::enumeration && type.enum_id) {
    std::vector<std::string> labels;
    for (const EnumValue& value : catalog[*type.enum_id].values) labels.push_back("'" + value.label + "'");
    word = catalog.engine == Engine::mysql ? fmt::format("Enum({})", fmt::join(labels, ", "))
                                           : catalog[*type.enum_id].name;
  }
  return word + (type.is_array() ? "[]" : "");
}

// Walks the steps once, for the findings and for what must be counted to be exact about them.
class Checker {
 public:
  Checker(const Difference& difference, const Statistics& statistics)
      : difference_(difference),
        before_(difference.before()),
        after_(difference.after()),
        statistics_(statistics) {}

  void run() {
    for (; step_ < difference_.steps.size(); ++step_) std::visit(*this, difference_.steps[step_]);
  }

  void operator()(const DropTable& step) {
    const std::optional<std::uint64_t> rows = count(QuestionKind::rows, step.table);
    const std::string& name = before_[step.table].name;
    if (!rows)
      warn(fmt::format(
          "You are about to drop the `{}` table. If the table is not empty, all the data it contains "
          "will be lost.",
          name));
    else if (*rows > 0)
      warn(fmt::format("You are about to drop the `{}` table, which is not empty ({} rows).", name, *rows));
  }

  void operator()(const AlterEnum& step) { removed_values(step.removed, before_[step.enums.before].name); }

  void operator()(const CreateIndex& step) {
    const Index& index = after_[step.index];
    if (index.kind != IndexKind::unique || is_new(index.table)) return;
    std::vector<std::string> columns;
    for (const IndexPart& part : index.parts)
      columns.push_back(part.column ? after_[*part.column].name : part.expression);
    warn(fmt::format(
        "A unique constraint covering the columns `[{}]` on the table `{}` will be added. If there are "
        "existing duplicate values, this will fail.",
        fmt::join(columns, ","), after_[index.table].name));
  }

  void operator()(const AlterTable& step) {
    table_ = step.tables;
    for (const TableChange& change : step.changes) std::visit(*this, change);
  }
  void operator()(const DropPrimaryKey&) {
    if (count(QuestionKind::rows, table_.before) == 0U) return;
    warn(fmt::format(
        "The primary key for the `{}` table will be changed. If it partially fails, the table could be "
        "left without primary key constraint.",
        name()));
  }
  void operator()(const DropColumn& change) {
    const std::optional<std::uint64_t> values = count(QuestionKind::non_null, table_.before, change.column);
    const std::string& column = before_[change.column].name;
    if (!values)
      warn(fmt::format(
          "You are about to drop the column `{}` on the `{}` table. All the data in the column will be "
          "lost.",
          column, name()));
    else if (*values > 0)
      warn(fmt::format(
          "You are about to drop the column `{}` on the `{}` table, which still contains {} non-null "
          "values.",
          column, name(), *values));
  }
  void operator()(const AddColumn& change) {
    const Column& column = after_[change.column];
    if (!lacks_value(column)) return;
    const std::optional<std::uint64_t> rows = count(QuestionKind::rows, table_.before);
    if (rows == 0U) return;
    const bool by_client = column.client_default.kind != ClientDefault::Kind::none;
    const std::string reason =
        rows ? fmt::format("There are {} rows in this table, it is not possible to execute this step.", *rows)
             : "This is not possible if the table is not empty.";
    refuse(
        by_client
            ? fmt::format("The required column `{}` was added to the `{}` table with a prisma-level default "
                          "value. {} Please add this column as optional, then populate it before making it "
                          "required.",
                          column.name, name(), reason)
            : fmt::format("Added the required column `{}` to the `{}` table without a default value. {}",
                          column.name, name(), reason));
  }
  void operator()(const AlterColumn& change) { alter(change.change); }

  // Every other step and change loses nothing.
  template <class Other>
  void operator()(const Other&) {}

  Findings take_findings() { return std::move(findings_); }
  std::vector<CountQuestion> take_questions() { return std::move(questions_); }

 private:
  const std::string& name() const { return before_[table_.before].name; }
  void warn(std::string message) { findings_.warnings.push_back({std::move(message), step_}); }
  void refuse(std::string message) { findings_.unexecutable.push_back({std::move(message), step_}); }

  std::optional<std::uint64_t> count(QuestionKind kind, TableId table, std::optional<ColumnId> column = {}) {
    const CountQuestion question{.kind = kind, .table = table, .column = column};
    if (std::ranges::find(questions_, question) == questions_.end()) questions_.push_back(question);
    return statistics_.find(question);
  }

  bool is_new(TableId after) const {
    return std::ranges::any_of(difference_.steps, [&](const Step& step) {
      const CreateTable* const created = std::get_if<CreateTable>(&step);
      return created != nullptr && created->table == after;
    });
  }

  void removed_values(const std::vector<std::string>& labels, const std::string& of) {
    if (labels.empty()) return;
    warn(fmt::format(
        "The values [{}] on the enum `{}` will be removed. If these variants are still used in the "
        "database, this will fail.",
        fmt::join(labels, ","), of));
  }

  void alter(const ColumnChange& change) {
    const Column& was = before_[change.columns.before];
    if (change.becomes_required(difference_.catalogs) && !change.recreates()) {
      const std::optional<std::uint64_t> nulls =
          count(QuestionKind::nulls, table_.before, change.columns.before);
      if (!nulls)
        refuse(fmt::format(
            "Made the column `{}` on table `{}` required. This step will fail if there are existing "
            "NULL values in that column.",
            was.name, name()));
      else if (*nulls > 0)
        refuse(
            fmt::format("Made the column `{}` on table `{}` required, but there are {} existing NULL values.",
                        was.name, name(), *nulls));
    }
    if (change.cast == Cast::risky || change.cast == Cast::checked) convert(change);
    if (change.recreates()) recreate(change);
  }

  void convert(const ColumnChange& change) {
    const Column& was = before_[change.columns.before];
    const Column& is = after_[change.columns.after];
    if (before_.engine == Engine::mysql && was.type.enum_id && is.type.enum_id) {
      removed_values(removed_labels(change), fmt::format("{}_{}", name(), was.name));
      return;
    }
    const std::optional<std::uint64_t> values =
        count(QuestionKind::non_null, table_.before, change.columns.before);
    if (values == 0U) return;
    const std::string from = type_word(before_, was.type);
    const std::string to = type_word(after_, is.type);
    if (change.cast == Cast::checked)
      warn(fmt::format(
          "You are about to convert the column `{}` on the `{}` table from `{}` to `{}`. No data is lost, "
          "but values that cannot be converted make this step fail.",
          was.name, name(), from, to));
    else if (values)
      warn(fmt::format(
          "You are about to alter the column `{}` on the `{}` table, which contains {} non-null values. "
          "The data in that column will be cast from `{}` to `{}`.",
          was.name, name(), *values, from, to));
    else
      warn(fmt::format(
          "You are about to alter the column `{}` on the `{}` table. The data in that column could be "
          "lost. The data in that column will be cast from `{}` to `{}`.",
          was.name, name(), from, to));
  }

  std::vector<std::string> removed_labels(const ColumnChange& change) const {
    std::vector<std::string> removed;
    const std::vector<EnumValue>& kept = after_[*after_[change.columns.after].type.enum_id].values;
    for (const EnumValue& value : before_[*before_[change.columns.before].type.enum_id].values)
      if (std::ranges::find(kept, value.label, &EnumValue::label) == kept.end() &&
          std::ranges::find(change.renamed_values, value.label, &RenamedValue::from) ==
              change.renamed_values.end())
        removed.push_back(value.label);
    return removed;
  }

  void recreate(const ColumnChange& change) {
    const Column& was = before_[change.columns.before];
    const std::optional<std::uint64_t> rows = count(QuestionKind::rows, table_.before);
    const std::optional<std::uint64_t> values =
        count(QuestionKind::non_null, table_.before, change.columns.before);
    if (lacks_value(after_[change.columns.after])) {
      if (rows == 0U) return;
      refuse(fmt::format(
          "Changed the type of `{}` on the `{}` table. No cast exists, the column would be dropped and "
          "recreated, which cannot be done {}",
          was.name, name(),
          rows ? "since the column is required and there is data in the table."
               : "if there is data, since the column is required."));
    } else if (values != 0U) {
      warn(fmt::format(
          "The `{}` column on the `{}` table would be dropped and recreated. This will lead to data "
          "loss{}",
          was.name, name(), values ? "." : " if there is data in the column."));
    }
  }

  const Difference& difference_;
  const Catalog& before_;
  const Catalog& after_;
  const Statistics& statistics_;
  std::size_t step_ = 0;
  Pair<TableId> table_{};
  Findings findings_;
  std::vector<CountQuestion> questions_;
};

}  // namespace

void Statistics::set(const CountQuestion& question, std::uint64_t count) {
  counts_[key_of(question)] = count;
}

std::optional<std::uint64_t> Statistics::find(const CountQuestion& question) const {
  const auto found = counts_.find(key_of(question));
  return found == counts_.end() ? std::nullopt : std::optional(found->second);
}

std::vector<CountQuestion> questions(const Difference& difference) {
  const Statistics none;
  Checker checker(difference, none);
  checker.run();
  return checker.take_questions();
}

Findings check(const Difference& difference, const Statistics& statistics) {
  Checker checker(difference, statistics);
  checker.run();
  return checker.take_findings();
}

}  // namespace tenon::migrate
