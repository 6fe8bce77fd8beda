#include "api/plan/plan.h"

#include <algorithm>
#include <string_view>

#include <fmt/format.h>
#include <fmt/ranges.h>

#include "api/rules/policy.h"

namespace tenon::api {

namespace {

std::string_view form_name(ParameterForm form) {
  switch (form) {
    case ParameterForm::value:
      return "";
    case ParameterForm::element:
      return "element of ";
    case ParameterForm::array:
      return "array of ";
    case ParameterForm::texts:
      return "path ";
    case ParameterForm::pair:
      return "end of ";
    case ParameterForm::verbatim:
    case ParameterForm::pattern:
      return "";
    case ParameterForm::substring:
      return "substring ";
    case ParameterForm::prefix:
      return "prefix ";
    case ParameterForm::words:
      return "words ";
    case ParameterForm::integer:
    case ParameterForm::decimal:
    case ParameterForm::floating:
      return "number ";
    case ParameterForm::json:
      return "json of ";
  }
  return "";
}

// $filter.status.eq: a variable and the way into it. Inside a list a step is an index, otherwise an input
// field.
std::string origin_text(const Plan& plan, const graphql::InputOrigin& origin) {
  const graphql::Document& document = *plan.document;
  const graphql::Schema& schema = *plan.schema->graphql;
  const graphql::OperationDefinition& operation = document.operations[plan.operation];
  const graphql::VariableDefinition& variable =
      document.variables[operation.variables.first + static_cast<std::uint32_t>(origin.variable)];
  std::string text = "$";
  text += variable.name.text;
  auto lists = std::ranges::count(document.types[variable.type].wrappers, '[');
  for (const std::uint32_t step : origin.steps) {
    if (lists > 0) {
      text += fmt::format("[{}]", step);
      --lists;
      continue;
    }
    const graphql::InputValue& member = schema[graphql::InputValueId{step}];
    text += fmt::format(".{}", member.name);
    lists = std::ranges::count(schema.to_string(member.type), '[');
  }
  return text;
}

// Steps are counted from one, as they are printed.
std::string row_text(const ParameterSource& source) {
  std::string text = fmt::format("step {}, cell {}", source.step + 1, source.part + 1);
  if (source.row > 0) text += fmt::format(" of row {}", source.row + 1);
  if (source.otherwise)
    text += fmt::format(", or else step {}, cell {}", *source.otherwise + 1, source.otherwise_part + 1);
  return text;
}

std::string claim_text(const Plan& plan, const ParameterSource& source) {
  const ClaimValue& claim = plan.schema->policy->claims[static_cast<std::size_t>(source.origin.variable)];
  const std::string names = fmt::format("{}", fmt::join(claim.names, "::"));
  if (claim.kind != ClaimValue::Kind::identities) return fmt::format("claim {}", names);
  return fmt::format("the caller by {}", names.empty() ? "sub::username" : names);
}

std::string source_text(const Plan& plan, const ParameterSource& source) {
  using Kind = ParameterSource::Kind;
  switch (source.kind) {
    case Kind::constant:
      return source.text ? fmt::format("{}\"{}\"", form_name(source.form), *source.text) : "null";
    case Kind::variable: {
      std::string text = std::string(form_name(source.form)) + origin_text(plan, source.origin);
      if (source.form == ParameterForm::pair) text += source.part == 0 ? " (low)" : " (high)";
      return text;
    }
    case Kind::list:
      return fmt::format("array of {} values", source.elements.size());
    case Kind::parent_key:
      return fmt::format("parent key {}", source.part + 1);
    case Kind::token:
      return fmt::format("page token value {}", source.part + 1);
    case Kind::row:
      return row_text(source);
    case Kind::step_keys:
      return fmt::format("cell {} of the rows of step {}", source.part + 1, source.step + 1);
    case Kind::row_keys:
      return fmt::format("cell {} of the written rows", source.part + 1);
    case Kind::generated:
      return fmt::format("generated {}", plan.catalog()[source.column].name);
    case Kind::claim:
      return std::string(form_name(source.form)) + claim_text(plan, source);
  }
  return {};
}

std::string table_name(const catalog::Catalog& catalog, catalog::TableId id) {
  const std::string& schema = catalog[catalog[id].schema].name;
  return schema.empty() ? catalog[id].name : schema + "." + catalog[id].name;
}

std::string column_list(const catalog::Catalog& catalog, const std::vector<catalog::ColumnId>& columns) {
  std::string text;
  for (const catalog::ColumnId id : columns) text += (text.empty() ? "" : ", ") + catalog[id].name;
  return text;
}

bool has_condition(const sql::Select& select) {
  return select.where && select.where->kind != sql::Predicate::Kind::always;
}

class Printer {
 public:
  explicit Printer(const Plan& plan) : plan_(plan), catalog_(plan.catalog()) {}

  std::string print() {
    if (plan_.transaction) line(0, transaction_text());
    for (const Write& write : plan_.writes) this->write(write);
    if (plan_.single) line(0, fmt::format("one statement of {} parts", plan_.single->parts.size()));
    for (LevelIndex i = 0; i < plan_.levels.size(); ++i) level(i);
    out_ += "answer\n";
    for (std::uint32_t i = 0; i < plan_.root_count; ++i) field(plan_.fields[i], 1);
    return std::move(out_);
  }

 private:
  void line(std::uint32_t indent, std::string_view text) {
    out_.append(indent * 2, ' ');
    out_ += text;
    out_ += '\n';
  }

  std::string transaction_text() const {
    switch (*plan_.transaction) {
      case sql::Begin::serializable:
        return "one transaction, serializable";
      case sql::Begin::repeatable_read:
        return "one transaction, repeatable read";
      default:
        return "one transaction";
    }
  }

  void parameters(std::uint32_t indent, const PlannedStatement& planned) {
    for (std::size_t i = 0; i < planned.parameters.size(); ++i)
      line(indent, fmt::format("${} = {}", i + 1, source_text(plan_, planned.parameters[i])));
  }

  void write(const Write& write) {
    static constexpr std::string_view names[] = {"create",      "update",      "remove",     "upsert",
                                                 "create many", "update many", "remove many"};
    line(0, fmt::format("{} {} for \"{}\", {} level {}", names[static_cast<std::size_t>(write.kind)],
                        table_name(catalog_, write.table), plan_.fields[write.field].key,
                        write.is_many() ? "rows in" : "row in", write.level));
    for (StepIndex i = 0; i < write.steps.size(); ++i) step(write, i);
    if (!write.rows.empty()) line(1, "rows " + rows_text(write.rows));
    if (write.exists) line(1, "when nothing was written: look whether the row exists");
  }

  // Steps 1, 2 and 4 in order, or rows of them: `1.1 1.2 2.1`.
  static std::string rows_text(const std::vector<RowReference>& rows) {
    std::string text;
    for (const RowReference& row : rows)
      text += fmt::format("{}{}.{}", text.empty() ? "" : " ", row.step + 1, row.row + 1);
    return text;
  }

  void step(const Write& write, StepIndex index) {
    static constexpr std::string_view names[] = {"insert", "update", "delete", "read", "run"};
    const WriteStep& step = write.steps[index];
    std::uint32_t indent = 1;
    if (write.steps.size() > 1) {
      std::string head = fmt::format("step {} in round {}: {} {}", index + 1, step.round + 1,
                                     names[step.statement.index()], table_name(catalog_, step.table()));
      if (!step.input_path.empty()) head += " for " + step.input_path;
      if (step.unless) head += fmt::format(", unless step {} found one", *step.unless + 1);
      if (step.missing == WriteStep::Missing::target) head += ", which must be there";
      if (step.missing == WriteStep::Missing::wanted) head += ", of which there must be none";
      line(1, head);
      indent = 2;
    }
    parameters(indent, step.planned);
  }

  void level(LevelIndex index) {
    const Level& level = plan_.levels[index];
    std::string head =
        fmt::format("level {} depth {} {}", index, level.depth, table_name(catalog_, level.table));
    if (level.parent)
      head += fmt::format(" by {} from level {}", column_list(catalog_, level.select.keys->columns),
                          *level.parent);
    if (!catalog_.databases.empty()) head += " in " + catalog_.databases[level.database.value].name;
    if (level.parent && level.select.keys->link)
      head += " through " + table_name(catalog_, level.select.keys->link->table);
    line(0, head);
    for (std::size_t i = 0; i < level.select.joins.size(); ++i) {
      const sql::Join& join = level.select.joins[i];
      line(1, fmt::format("join t{} {} on {} = t{} {}", i + 1, table_name(catalog_, join.table),
                          column_list(catalog_, join.columns), join.parent,
                          column_list(catalog_, join.parent_columns)));
      if (join.where && join.where->kind != sql::Predicate::Kind::always)
        line(2, "where " + sql::describe(catalog_, *join.where));
    }
    if (level.rows && level.aggregate)
      groups(level);
    else if (level.rows)
      rows(level);
    if (level.count) {
      line(1, "count");
      if (level.count_select.where) line(2, "where " + sql::describe(catalog_, *level.count_select.where));
      parameters(2, *level.count);
    }
  }

  void rows(const Level& level) {
    line(1, "rows");
    if (has_condition(level.select)) line(2, "where " + sql::describe(catalog_, *level.select.where));
    if (level.select.keys && level.select.keys->link_where &&
        level.select.keys->link_where->kind != sql::Predicate::Kind::always)
      line(2, "linked where " + sql::describe(catalog_, *level.select.keys->link_where));
    for (const sql::Test& test : level.select.tests)
      line(2, fmt::format("test of t{}: {}", test.source, sql::describe(catalog_, test.predicate)));
    if (!level.select.order.empty()) line(2, "order by " + sql::describe(catalog_, level.select.order));
    if (level.page) {
      std::string page = fmt::format("page {}", *level.page);
      if (level.next_token) page += " with nextToken";
      if (level.select.offset > 0) page += fmt::format(" after {}", level.select.offset);
      line(2, page);
    }
    parameters(2, *level.rows);
  }

  void groups(const Level& level) {
    const sql::Aggregate& aggregate = *level.aggregate;
    const auto terms = [&](const std::vector<sql::AggregateTerm>& list) {
      std::string text;
      for (const sql::AggregateTerm& term : list)
        text += (text.empty() ? "" : ", ") + sql::describe(catalog_, term);
      return text;
    };
    line(1, aggregate.groups.empty() ? "one group" : "groups by " + terms(aggregate.groups));
    line(2, "values " + terms(aggregate.outputs));
    if (aggregate.count_max) line(2, fmt::format("of {} rows at most", *aggregate.count_max));
    if (aggregate.where && aggregate.where->kind != sql::Predicate::Kind::always)
      line(2, "where " + sql::describe(catalog_, *aggregate.where));
    if (aggregate.having) line(2, "having " + sql::describe(catalog_, *aggregate.having));
    if (!aggregate.order.empty()) line(2, "order by " + sql::describe(catalog_, aggregate.order));
    if (level.page) {
      std::string page = fmt::format("page {}", *level.page);
      if (aggregate.offset > 0) page += fmt::format(" after {}", aggregate.offset);
      line(2, page);
    }
    parameters(2, *level.rows);
  }

  void field(const OutputField& field, std::uint32_t indent) {
    static constexpr std::string_view kinds[] = {
        "column", "type name", "object", "row",  "connection", "items",   "next token", "total count", "raw",
        "denied", "group",     "groups", "part", "count",      "results", "result row", "result"};
    std::string text = fmt::format("{}: {}", field.key, kinds[static_cast<std::size_t>(field.kind)]);
    switch (field.kind) {
      case OutputField::Kind::column:
        text += fmt::format(" {} cell {}", catalog_[field.column].name, field.cell);
        break;
      case OutputField::Kind::object:
        text += fmt::format(" if cell {}", field.cell);
        break;
      case OutputField::Kind::row:
      case OutputField::Kind::connection:
      case OutputField::Kind::group:
      case OutputField::Kind::groups:
        text += fmt::format(" of level {}", field.level);
        break;
      case OutputField::Kind::results:
      case OutputField::Kind::result_row:
        text += fmt::format(" of level {}", field.level);
        break;
      case OutputField::Kind::result:
        text += fmt::format(" {} cell {}", catalog_[field.column].name, field.cell);
        break;
      case OutputField::Kind::count:
        text += fmt::format(" cell {} of level {}", field.cell, field.level);
        break;
      default:
        break;
    }
    if (field.non_null) text += "!";
    if (field.guarded) text += fmt::format(" where cell {}", field.guard);
    line(indent, text);
    for (std::uint32_t i = 0; i < field.child_count; ++i)
      this->field(plan_.fields[field.first_child + i], indent + 1);
  }

  const Plan& plan_;
  const catalog::Catalog& catalog_;
  std::string out_;
};

std::size_t weight_of(const PlannedStatement& planned) {
  std::size_t weight = planned.statement.text.size();
  for (const ParameterSource& source : planned.parameters)
    weight += sizeof source + (source.text ? source.text->size() : 0) +
              source.elements.size() * sizeof(ParameterSource);
  return weight;
}

std::size_t weight_of(const std::optional<PlannedStatement>& planned) {
  return planned ? weight_of(*planned) : 0;
}

}  // namespace

std::size_t Plan::weight() const {
  std::size_t weight = sizeof *this + fields.size() * sizeof(OutputField) + levels.size() * sizeof(Level);
  for (const OutputField& field : fields) weight += field.text.size() + 2 * field.key.size();
  for (const Level& level : levels) weight += weight_of(level.rows) + weight_of(level.count);
  if (single)
    weight +=
        sizeof *single + single->statement.text.size() + single->parts.size() * sizeof(SingleStatement::Part);
  for (const Write& write : writes) {
    weight += sizeof write + weight_of(write.exists) + write.rows.size() * sizeof(RowReference);
    for (const WriteStep& step : write.steps) weight += sizeof step + weight_of(step.planned);
  }
  return 2 * weight;
}

std::string describe(const Plan& plan) { return Printer(plan).print(); }

std::string describe_statements(const Plan& plan) {
  std::string text;
  if (plan.single) return plan.single->statement.text + ";\n";
  const auto add = [&](const std::optional<PlannedStatement>& planned) {
    if (planned) text += planned->statement.text + ";\n";
  };
  const auto add_levels = [&](LevelIndex first, LevelIndex end) {
    for (LevelIndex i = first; i < end; ++i) {
      add(plan.levels[i].rows);
      add(plan.levels[i].count);
    }
  };
  for (const Write& write : plan.writes) {
    if (write.reads_first) add_levels(write.level, write.level_end);
    std::uint32_t rounds = 0;
    for (const WriteStep& step : write.steps) rounds = std::max(rounds, step.round + 1);
    for (std::uint32_t round = 0; round < rounds; ++round)
      for (const WriteStep& step : write.steps)
        if (step.round == round) add(step.planned);
    if (!write.reads_first) add_levels(write.level, write.level_end);
    add(write.exists);
  }
  if (plan.writes.empty()) add_levels(0, static_cast<LevelIndex>(plan.levels.size()));
  return text;
}

}  // namespace tenon::api
