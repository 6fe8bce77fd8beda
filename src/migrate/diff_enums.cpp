#include "migrate/diff_enums.h"

#include <algorithm>

namespace tenon::migrate {

using namespace catalog;

namespace {

class EnumDiffer {
 public:
  EnumDiffer(const Catalogs& catalogs, const DiffOptions& options, const Matches& matches,
             const std::vector<ColumnChange>& changes)
      : before_(*catalogs.before),
        after_(*catalogs.after),
        catalogs_(catalogs),
        options_(options),
        matches_(matches),
        changes_(changes) {}

  EnumSteps run() {
    for (const EnumId id : matches_.created_enums) steps_.created.push_back(CreateEnum{id});
    for (const EnumPair& pair : matches_.enums) compare(pair);
    for (const EnumId id : matches_.dropped_enums) steps_.dropped.push_back(DropEnum{id, false});
    return std::move(steps_);
  }

 private:
  void compare(const EnumPair& pair) {
    const Enum& was = before_[pair.ids.before];
    const Enum& is = after_[pair.ids.after];
    if (was.name != is.name || !same_schema(catalogs_, was.schema, is.schema))
      steps_.renamed.push_back(RenameEnum{pair.ids});
    AlterEnum step;
    step.enums = pair.ids;
    step.renamed = pair.renamed;
    std::vector<std::string> labels;
    for (const EnumValue& value : was.values)
      labels.push_back(matches_.renamed_value(pair.ids.before, value.label));
    for (std::size_t i = 0; i < is.values.size(); ++i)
      if (std::ranges::find(labels, is.values[i].label) == labels.end())
        step.added.push_back({is.values[i].label, neighbour(is, i, labels)});
    for (const std::string& label : labels)
      if (std::ranges::find(is.values, label, &EnumValue::label) == is.values.end() &&
          is_nameable(options_, label))
        step.removed.push_back(label);
    step.reordered = options_.enum_order && step.removed.empty() && !same_order(labels, is);
    if (step.renamed.empty() && step.added.empty() && step.removed.empty() && !step.reordered) return;
    add_columns(step);
    step.used_at_once = is_used_at_once(step);
    if (step.recreates() && step.drops_later) steps_.dropped.push_back(DropEnum{pair.ids.before, true});
    steps_.altered.push_back(std::move(step));
  }

  // The next value that exists already.
  static std::string neighbour(const Enum& row, std::size_t position,
                               const std::vector<std::string>& labels) {
    for (std::size_t i = position + 1; i < row.values.size(); ++i)
      if (std::ranges::find(labels, row.values[i].label) != labels.end()) return row.values[i].label;
    return {};
  }

  static bool same_order(const std::vector<std::string>& labels, const Enum& row) {
    std::vector<std::string> kept;
    for (const EnumValue& value : row.values)
      if (std::ranges::find(labels, value.label) != labels.end()) kept.push_back(value.label);
    return kept == labels;
  }

  void add_columns(AlterEnum& step) const {
    for (std::uint32_t i = 0; i < before_.columns.size(); ++i) {
      if (before_.columns[i].type.enum_id != step.enums.before) continue;
      const std::optional<ColumnId> after = matches_.column_after[i];
      if (after && !changes_[i].type_changed)
        step.columns.push_back({ColumnId{i}, *after});
      else
        step.drops_later = true;
    }
  }

  bool is_new(const AlterEnum& step, const std::string& label) const {
    return std::ranges::find(step.added, label, &AddedValue::label) != step.added.end();
  }

  bool is_used_at_once(const AlterEnum& step) const {
    return std::ranges::any_of(after_.columns, [&](const Column& column) {
      if (column.type.enum_id != step.enums.after || column.default_value.kind != Default::Kind::literal)
        return false;
      const Default& value = column.default_value;
      return value.is_array ? std::ranges::any_of(value.items,
                                                  [&](const std::string& item) { return is_new(step, item); })
                            : is_new(step, value.text);
    });
  }

  const Catalog& before_;
  const Catalog& after_;
  const Catalogs& catalogs_;
  const DiffOptions& options_;
  const Matches& matches_;
  const std::vector<ColumnChange>& changes_;
  EnumSteps steps_;
};

}  // namespace

EnumSteps enum_steps(const Catalogs& catalogs, const DiffOptions& options, const Matches& matches,
                     const std::vector<ColumnChange>& changes) {
  return EnumDiffer(catalogs, options, matches, changes).run();
}

}  // namespace tenon::migrate
