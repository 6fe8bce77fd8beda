#include "api/rules/policy.h"

#include <algorithm>
#include <deque>
#include <utility>

#include <fmt/format.h>

#include "api/plan/filter.h"
#include "api/rules/rights.h"
#include "api/schema/exposure.h"
#include "graphql/coerce_literal.h"
#include "graphql/parser.h"

namespace tenon::api {

using graphql::InputNode;
using graphql::ValueKind;
using sql::Comparison;
using sql::Predicate;

namespace {

// The parameters of a predicate, as those of another statement.
void renumber(Predicate& predicate, const std::vector<sql::ParameterIndex>& indexes) {
  for (sql::ParameterIndex& index : predicate.parameters) index = indexes[index.value];
  if (predicate.path) predicate.path = indexes[predicate.path->value];
  for (Predicate& child : predicate.children) renumber(child, indexes);
}

Predicate placed(const RowCheck& check, Parameters& parameters) {
  std::vector<sql::ParameterIndex> indexes;
  for (const ParameterSource& source : check.parameters) indexes.push_back(parameters.add(source));
  Predicate predicate = check.predicate;
  renumber(predicate, indexes);
  return predicate;
}

// `{claim: "name"}` where a value is expected.
class ClaimFinder {
 public:
  ClaimFinder(const graphql::Schema& schema, graphql::Document& document)
      : schema_(schema), document_(document) {}

  void visit(graphql::ValueId id, graphql::TypeReference type) {
    type = type.nullable();
    const bool list = type.is_list();
    if (list && document_.values[id].kind == ValueKind::list) {
      const graphql::Range items = document_.values[id].children;
      for (std::uint32_t i = 0; i < items.count; ++i)
        visit(document_.list_items[items.first + i], type.inner());
      return;
    }
    if (document_.values[id].kind != ValueKind::object) return;
    graphql::TypeReference item = type;
    while (item.nullable().is_list()) item = item.nullable().inner();
    if (schema_[item.named()].kind == graphql::TypeKind::input_object) return members(id, item.named());
    if (const auto name = claim(id)) refer(id, *name, list);
  }

  std::vector<policy::NeededClaim> claims;

 private:
  void members(graphql::ValueId id, graphql::TypeId type) {
    const graphql::Range fields = document_.values[id].children;
    for (std::uint32_t i = 0; i < fields.count; ++i) {
      const graphql::ObjectField& field = document_.object_fields[fields.first + i];
      if (const auto definition = schema_.find_input_field(type, field.name.text))
        visit(field.value, schema_[*definition].type);
    }
  }

  std::optional<std::string_view> claim(graphql::ValueId id) const {
    const graphql::Range fields = document_.values[id].children;
    if (fields.count != 1 || document_.object_fields[fields.first].name.text != "claim") return std::nullopt;
    const graphql::Value& name = document_.values[document_.object_fields[fields.first].value];
    return name.kind == ValueKind::string && !name.text.empty() ? std::optional(name.text) : std::nullopt;
  }

  // It becomes a variable, called by its place in `claims`.
  void refer(graphql::ValueId id, std::string_view name, bool list) {
    graphql::Value& value = document_.values[id];
    graphql::VariableDefinition variable;
    variable.name = {.text = names_.emplace_back(fmt::format("{}", claims.size())), .offset = value.offset};
    if (document_.operations.front().variables.count == 0)
      document_.operations.front().variables.first = static_cast<std::uint32_t>(document_.variables.size());
    ++document_.operations.front().variables.count;
    document_.variables.push_back(variable);
    value.kind = ValueKind::variable;
    value.text = names_.back();
    claims.push_back({.name = std::string(name), .single = !list});
  }

  const graphql::Schema& schema_;
  graphql::Document& document_;
  std::deque<std::string> names_;
};

class PolicyCompiler {
 public:
  PolicyCompiler(const Schema& schema, Policy& made, base::Diagnostics& diagnostics)
      : schema_(schema), catalog_(*schema.catalog), made_(made), diagnostics_(diagnostics) {}

  void compile() {
    std::vector<policy::ModelRules> models = schema_.overlay.rules;
    for (std::uint32_t i = 0; i < models.size(); ++i) {
      table_ = catalog::TableId{i};
      for (policy::Rule& rule : models[i].rules) read_conditions(rule);
      for (policy::FieldRules& field : models[i].fields)
        for (policy::Rule& rule : field.rules) read_conditions(rule);
    }
    std::vector<std::vector<policy::Rule>> operations;
    for (const OverlayOperation& operation : schema_.overlay.operations)
      operations.push_back(operation.rules);
    made_.roles = policy::make_roles(catalog_, models, operations, diagnostics_);
    made_.models.resize(made_.roles.models.size());
    for (std::uint32_t i = 0; i < made_.roles.models.size(); ++i) {
      table_ = catalog::TableId{i};
      for (const policy::ModelRole& role : made_.roles.models[i].roles)
        made_.models[i].push_back(checks(role.test));
    }
  }

 private:
  struct Compiled {
    policy::RowCondition condition;
    catalog::TableId table;
    RowCheck check;
  };

  void read_conditions(policy::Rule& rule) {
    for (auto* condition : {&rule.where, &rule.check})
      if (*condition) read(**condition);
  }

  void read(policy::RowCondition& condition);
  bool says_nothing(const graphql::InputTree& tree, const InputNode& object) const;
  void report(const policy::RowCondition& condition, std::uint32_t offset, std::string message);
  static void replace_variables(ParameterSource& source, const std::vector<std::uint32_t>& claims);

  std::uint32_t claim(ClaimValue value) {
    const auto found = std::ranges::find(made_.claims, value);
    if (found != made_.claims.end()) return static_cast<std::uint32_t>(found - made_.claims.begin());
    made_.claims.push_back(std::move(value));
    return static_cast<std::uint32_t>(made_.claims.size() - 1);
  }

  // What was reported as wrong is met by no row.
  RowCheck compiled(const policy::RowCondition& condition) const {
    const auto found = std::ranges::find_if(
        compiled_, [&](const Compiled& one) { return one.table == table_ && one.condition == condition; });
    if (found != compiled_.end()) return found->check;
    RowCheck none;
    none.predicate.kind = Predicate::Kind::never;
    return none;
  }

  // The column holds one of the caller's identities, or groups.
  RowCheck column_check(const policy::RowTest& test);
  RoleChecks checks(const policy::RowTest& test);
  static void add(RowCheck& check, const RowCheck& other);

  const Schema& schema_;
  const catalog::Catalog& catalog_;
  Policy& made_;
  base::Diagnostics& diagnostics_;
  catalog::TableId table_;
  std::vector<Compiled> compiled_;
};

void PolicyCompiler::report(const policy::RowCondition& condition, std::uint32_t offset,
                            std::string message) {
  const std::uint32_t at = condition.offset + offset;
  diagnostics_.error(
      base::code::overlay_invalid_rule,
      fmt::format("The condition of a rule of {} is no filter of it: {}", catalog_[table_].model_name,
                  message),
      base::Span{condition.source, at, at + 1},
      "write it as the `filter` of a list; {claim: \"name\"} stands for a claim of the caller");
}

void PolicyCompiler::replace_variables(ParameterSource& source, const std::vector<std::uint32_t>& claims) {
  for (ParameterSource& element : source.elements) replace_variables(element, claims);
  if (source.kind != ParameterSource::Kind::variable) return;
  source.kind = ParameterSource::Kind::claim;
  source.origin.variable =
      static_cast<std::int32_t>(claims[static_cast<std::size_t>(source.origin.variable)]);
  source.origin.steps.clear();
}

// A member that is null is as if it were not written, which nobody means who writes it into a rule.
bool PolicyCompiler::says_nothing(const graphql::InputTree& tree, const InputNode& object) const {
  const auto children = tree.children(object);
  return std::ranges::any_of(children, [&](const InputNode& child) {
    const bool is_value = object.kind == graphql::InputKind::object &&
                          schema_[child.definition].kind == InputBinding::Kind::filter_operator;
    return (child.is_null() && !is_value) || says_nothing(tree, child);
  });
}

void PolicyCompiler::read(policy::RowCondition& condition) {
  constexpr std::string_view before = "{x(f:";
  const auto type =
      schema_.graphql->find_type(fmt::format("Model{}FilterInput", upper_first(catalog_[table_].model_name)));
  if (!type) return report(condition, 0, "the model has no filter; let somebody list it");
  auto parsed = graphql::parse(fmt::format("{}{})}}", before, condition.text), {});
  if (!parsed) return report(condition, 0, parsed.error().message);
  auto document = std::make_shared<graphql::Document>(std::move(*parsed));
  if (document->arguments.size() != 1 || document->selections.size() != 1)
    return report(condition, 0, "it is no value");
  const graphql::ValueId value = document->arguments.front().value;
  const graphql::TypeReference filter(*type);
  ClaimFinder finder(*schema_.graphql, *document);
  finder.visit(value, filter);
  graphql::VariableValues claims;
  for (const policy::NeededClaim& claim : finder.claims) {
    const graphql::InputNodeId node = claims.tree.add(1);
    claims.tree.nodes[node].kind = claim.single ? graphql::InputKind::string : graphql::InputKind::list;
    claims.values.emplace_back(node);
  }
  graphql::Operation operation;
  operation.schema = schema_.graphql;
  operation.document = document;
  const graphql::InputNodeId root = operation.input.add(1);
  graphql::LiteralCoercer coercer(*schema_.graphql, *document, operation.input,
                                  {.definitions = document->operations.front().variables, .values = &claims});
  if (!coercer.coerce(root, value, filter))
    return report(condition, coercer.problem_offset() - static_cast<std::uint32_t>(before.size()),
                  coercer.problem());
  if (says_nothing(operation.input, operation.input[root]))
    return report(condition, 0, "a member that is null says nothing; ask with attributeExists");
  const Rights everything;  // what the author of a rule looks at is no affair of the caller's
  const PlannerOptions options;
  PlannerScope scope{.schema = schema_, .rights = everything, .operation = operation, .options = options};
  Parameters parameters;
  RowCheck check;
  check.predicate = plan_filter(scope, parameters, operation.input[root], 0);
  if (!scope.errors.empty()) return report(condition, 0, scope.errors.front().message);
  check.parameters = parameters.take();
  std::vector<std::uint32_t> numbers;
  for (const policy::NeededClaim& one : finder.claims)
    numbers.push_back(claim(
        {.kind = one.single ? ClaimValue::Kind::value : ClaimValue::Kind::values, .names = {one.name}}));
  for (ParameterSource& source : check.parameters) replace_variables(source, numbers);
  condition.claims = std::move(finder.claims);
  compiled_.push_back({.condition = condition, .table = table_, .check = std::move(check)});
}

void PolicyCompiler::add(RowCheck& check, const RowCheck& other) {
  Parameters parameters;
  for (ParameterSource& source : check.parameters) parameters.add(std::move(source));
  Predicate more = placed(other, parameters);
  add_condition(check.predicate, std::move(more));
  check.parameters = parameters.take();
}

RowCheck PolicyCompiler::column_check(const policy::RowTest& test) {
  const catalog::ColumnId column = *test.field;
  const catalog::ColumnType& type = catalog_[column].type;
  const bool json = type.kind == catalog::TypeKind::json || type.kind == catalog::TypeKind::jsonb;
  const bool many = type.is_array() || json;
  ParameterSource source{.kind = ParameterSource::Kind::claim,
                         .form = json ? ParameterForm::texts : ParameterForm::array,
                         .column = column};
  source.origin.variable = static_cast<std::int32_t>(
      test.allow == policy::Allow::owner
          ? claim({.kind = ClaimValue::Kind::identities, .names = test.identity_claims})
          : claim({.kind = ClaimValue::Kind::values, .names = {test.group_claim}}));
  RowCheck check;
  check.predicate = {.kind = Predicate::Kind::compare,
                     .comparison = many ? Comparison::array_overlaps : Comparison::any_identical,
                     .columns = {{.source = 0, .column = column}},
                     .parameters = {sql::ParameterIndex{0}}};
  check.parameters.push_back(std::move(source));
  return check;
}

RoleChecks PolicyCompiler::checks(const policy::RowTest& test) {
  RoleChecks made;
  if (test.field) made.rows = column_check(test);
  if (test.where) add(made.rows, compiled(*test.where));
  made.news = test.check ? compiled(*test.check) : made.rows;
  return made;
}

}  // namespace

std::size_t Policy::identity(const policy::RowTest& test) const {
  const ClaimValue wanted{.kind = ClaimValue::Kind::identities, .names = test.identity_claims};
  return static_cast<std::size_t>(std::ranges::find(claims, wanted) - claims.begin());
}

Predicate Policy::condition(catalog::TableId table, const policy::Rows& rows, Parameters& parameters) const {
  if (rows.all()) return {};
  Predicate any{.kind = Predicate::Kind::or_};
  for (const std::uint32_t role : rows.roles)
    any.children.push_back(placed(models[table.value][role].rows, parameters));
  if (any.children.empty()) return {.kind = Predicate::Kind::never};
  if (any.children.size() == 1) return std::move(any.children.front());
  return any;
}

Predicate Policy::check(catalog::TableId table, const policy::Rows& rows, Parameters& parameters) const {
  if (rows.all()) return {};
  Predicate any{.kind = Predicate::Kind::or_};
  for (const std::uint32_t role : rows.roles)
    any.children.push_back(placed(models[table.value][role].news, parameters));
  if (any.children.empty()) return {.kind = Predicate::Kind::never};
  if (any.children.size() == 1) return std::move(any.children.front());
  return any;
}

std::shared_ptr<const Policy> compile_policy(const Schema& schema, base::Diagnostics& diagnostics) {
  auto made = std::make_shared<Policy>();
  PolicyCompiler(schema, *made, diagnostics).compile();
  return made;
}

}  // namespace tenon::api
