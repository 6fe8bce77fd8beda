#include "api/plan/aggregate.h"

#include <algorithm>

#include <fmt/format.h>

#include "api/plan/levels.h"
#include "api/schema/aggregates.h"

namespace tenon::api {

using graphql::InputKind;
using graphql::InputNode;
using graphql::OperationField;
using sql::AggregateCondition;
using sql::AggregateFunction;
using sql::AggregateTerm;
using sql::DatePart;

namespace {

sql::Comparison comparison_of(FilterOperator op) {
  switch (op) {
    case FilterOperator::ne:
      return sql::Comparison::not_equal;
    case FilterOperator::lt:
      return sql::Comparison::less;
    case FilterOperator::le:
      return sql::Comparison::less_or_equal;
    case FilterOperator::gt:
      return sql::Comparison::greater;
    case FilterOperator::ge:
      return sql::Comparison::greater_or_equal;
    default:
      return sql::Comparison::equal;
  }
}

void add(AggregateCondition& all, AggregateCondition one) {
  if (one.kind == AggregateCondition::Kind::always) return;
  if (all.kind == AggregateCondition::Kind::always) {
    all = std::move(one);
    return;
  }
  if (all.kind != AggregateCondition::Kind::and_) {
    AggregateCondition both{.kind = AggregateCondition::Kind::and_};
    both.children.push_back(std::move(all));
    all = std::move(both);
  }
  all.children.push_back(std::move(one));
}

}  // namespace

const InputNode* AggregatePlanner::argument(const OperationField& field, InputBinding::Kind kind) const {
  for (std::uint32_t i = 0; i < field.argument_count; ++i) {
    const graphql::OperationArgument& given = scope_.operation.arguments[field.first_argument + i];
    const InputNode& node = scope_.input()[given.value];
    if (scope_.schema[given.definition].kind == kind && !node.is_null()) return &node;
  }
  return nullptr;
}

// The schema's enum has the names of such columns only.
catalog::ColumnId AggregatePlanner::column_named(std::string_view name) const {
  const auto columns = scope_.catalog()[aggregate_.from].columns;
  for (const catalog::ColumnId id : columns)
    if (scope_.catalog()[id].field_name == name && !scope_.catalog()[id].ignored) return id;
  return columns[0];
}

bool AggregatePlanner::may_use(const AggregateTerm& term, graphql::Offset offset) {
  return term.function == AggregateFunction::count || scope_.may_use(term.column, offset);
}

std::uint32_t AggregatePlanner::output(const AggregateTerm& term) {
  auto found = std::ranges::find(aggregate_.outputs, term);
  if (found == aggregate_.outputs.end()) found = aggregate_.outputs.insert(found, term);
  return plan_.levels[level_].key_count + static_cast<std::uint32_t>(found - aggregate_.outputs.begin());
}

// --- arguments

void AggregatePlanner::arguments(const OperationField& field) {
  const PageArguments page = page_arguments(scope_, field);
  aggregate_.limit = plan_limit(scope_, page, field.offset);
  aggregate_.offset = plan_offset(scope_, page, field.offset);
  plan_.levels[level_].page = aggregate_.limit;
  if (const InputNode* list = argument(field, InputBinding::Kind::group_by)) group_by(*list, field.offset);
  if (const InputNode* object = argument(field, InputBinding::Kind::having))
    aggregate_.having = having(*object, 1, field.offset);
  if (const InputNode* list = argument(field, InputBinding::Kind::aggregate_order)) order_by(*list);
  for (const sql::AggregateOrder& order : aggregate_.order) may_use(order.term, field.offset);
  // The groups' own values make the order total.
  for (const AggregateTerm& term : aggregate_.groups) add_order(term, "ASC");
}

void AggregatePlanner::group_by(const InputNode& list, graphql::Offset offset) {
  for (const InputNode& object : scope_.input().children(list)) {
    AggregateTerm term{.function = AggregateFunction::value};
    for (const InputNode& member : scope_.input().children(object)) {
      if (member.is_null()) continue;
      if (scope_.schema[member.definition].kind == InputBinding::Kind::group_field)
        term.column = column_named(member.text);
      else
        term.part = find_date_part(member.text).value_or(DatePart::whole);
    }
    may_use(term, offset);
    const catalog::Column& column = scope_.catalog()[term.column];
    if (!has_part(column.type, term.part))
      scope_.fail(offset, fmt::format("groupBy: {} has no such part; {}", column.field_name,
                                      has_parts(column.type) ? "dates have no hours, times of day no days"
                                                             : "it is no date, so leave out its part"));
    if (std::ranges::find(aggregate_.groups, term) == aggregate_.groups.end())
      aggregate_.groups.push_back(term);
  }
  if (aggregate_.groups.size() > scope_.options.limits.group_fields_max)
    scope_.fail(offset,
                fmt::format("groupBy takes {} fields at most", scope_.options.limits.group_fields_max));
}

void AggregatePlanner::add_order(const AggregateTerm& term, std::string_view direction) {
  const auto same = [&](const sql::AggregateOrder& before) { return before.term == term; };
  if (std::ranges::any_of(aggregate_.order, same)) return;
  sql::AggregateOrder order{.term = term, .descending = direction.starts_with("DESC")};
  if (direction.find("NULLS_FIRST") != std::string_view::npos) order.nulls = catalog::NullsOrder::first;
  if (direction.find("NULLS_LAST") != std::string_view::npos) order.nulls = catalog::NullsOrder::last;
  aggregate_.order.push_back(order);
}

void AggregatePlanner::order_by(const InputNode& list) {
  for (const InputNode& object : scope_.input().children(list))
    for (const InputNode& member : scope_.input().children(object))
      if (!member.is_null()) order(member);
}

void AggregatePlanner::order(const InputNode& member) {
  const InputBinding& binding = scope_.schema[member.definition];
  if (binding.kind == InputBinding::Kind::aggregate_count) return add_order({}, member.text);
  for (const InputNode& column : scope_.input().children(member)) {
    if (column.is_null()) continue;
    const catalog::ColumnId id = scope_.schema[column.definition].column;
    if (binding.function != AggregateFunction::value) {
      add_order({.function = binding.function, .column = id}, column.text);
      continue;
    }
    // Everything that the column groups by, in the order of groupBy.
    for (const AggregateTerm& term : aggregate_.groups)
      if (term.column == id) add_order(term, column.text);
  }
}

// --- having

AggregateCondition AggregatePlanner::having(const InputNode& object, std::uint32_t depth,
                                            graphql::Offset offset) {
  AggregateCondition result;
  if (object.is_null() || !scope_.errors.empty()) return result;
  if (depth > scope_.options.limits.filter_depth_max) {
    scope_.fail(offset, fmt::format("having may be nested {} levels deep at most",
                                    scope_.options.limits.filter_depth_max));
    return result;
  }
  for (const InputNode& member : scope_.input().children(object)) {
    const InputBinding& binding = scope_.schema[member.definition];
    if (member.is_null()) continue;
    switch (binding.kind) {
      case InputBinding::Kind::aggregate_count:
        add(result, compare({}, member, offset));
        break;
      case InputBinding::Kind::aggregate_values:
        for (const InputNode& column : scope_.input().children(member))
          if (!column.is_null())
            add(result,
                compare({.function = binding.function, .column = scope_.schema[column.definition].column},
                        column, offset));
        break;
      case InputBinding::Kind::filter_and:
        add(result, having_list(member, AggregateCondition::Kind::and_, depth + 1, offset));
        break;
      case InputBinding::Kind::filter_or:
        add(result, having_list(member, AggregateCondition::Kind::or_, depth + 1, offset));
        break;
      case InputBinding::Kind::filter_not: {
        AggregateCondition negated{.kind = AggregateCondition::Kind::not_};
        negated.children.push_back(having(member, depth + 1, offset));
        add(result, std::move(negated));
        break;
      }
      default:
        break;
    }
  }
  return result;
}

AggregateCondition AggregatePlanner::having_list(const InputNode& node, AggregateCondition::Kind kind,
                                                 std::uint32_t depth, graphql::Offset offset) {
  if (node.kind != InputKind::list) return having(node, depth, offset);
  AggregateCondition result{.kind = kind};
  for (const InputNode& child : scope_.input().children(node))
    result.children.push_back(having(child, depth, offset));
  return result;
}

AggregateCondition AggregatePlanner::compare(const AggregateTerm& term, const InputNode& operators,
                                             graphql::Offset offset) {
  using Kind = AggregateCondition::Kind;
  AggregateCondition result;
  if (!may_use(term, offset)) return result;
  for (const InputNode& member : scope_.input().children(operators)) {
    if (++conditions_ > scope_.options.limits.filter_conditions_max) {
      scope_.fail(offset, fmt::format("having may hold at most {} comparisons",
                                      scope_.options.limits.filter_conditions_max));
      return result;
    }
    const FilterOperator op = scope_.schema[member.definition].filter;
    AggregateCondition one{.kind = Kind::compare, .term = term, .comparison = comparison_of(op)};
    if (op == FilterOperator::attribute_exists) {
      // Sent as null it says nothing, as in a filter.
      if (member.is_null()) continue;
      one.kind = member.text == "true" ? Kind::is_not_null : Kind::is_null;
    } else if (!member.is_null()) {
      one.parameter =
          scope_.parameter(parameters_, member, term.column, result_form(scope_.catalog(), term), offset);
    } else if (op == FilterOperator::eq) {
      one.kind = Kind::is_null;
    } else if (op == FilterOperator::ne) {
      one.kind = Kind::is_not_null;
    } else {
      one.kind = Kind::never;
    }
    add(result, std::move(one));
  }
  return result;
}

// --- the selection

void AggregatePlanner::cell(OutputField& out, const AggregateTerm& term) {
  const bool counts =
      term.function == AggregateFunction::count || term.function == AggregateFunction::count_distinct;
  out.kind = counts ? OutputField::Kind::count : OutputField::Kind::column;
  out.level = level_;
  out.column = term.column;
  out.format = result_format(scope_.catalog(), term);
  if (!counts) out.copy = cell_copy(scope_.catalog(), scope_.catalog()[term.column], out.format);
  out.cell = output(term);
}

AggregateTerm AggregatePlanner::group_term(const OperationField& field, catalog::ColumnId column) {
  AggregateTerm wanted{.function = AggregateFunction::value, .column = column};
  const InputNode* part = argument(field, InputBinding::Kind::group_part);
  if (part != nullptr) wanted.part = find_date_part(part->text).value_or(DatePart::whole);
  for (const AggregateTerm& term : aggregate_.groups) {
    if (term == wanted) return term;
    if (term.column == column && part == nullptr && !is_number(term.part)) return term;
  }
  const std::string& name = scope_.catalog()[column].field_name;
  scope_.fail(
      field.offset,
      fmt::format("{} is selected as what a group has in common, but does not group it; add {{ field: "
                  "{}{}{} }} to groupBy",
                  name, name,
                  part == nullptr ? "" : ", part: ", part == nullptr ? std::string_view{} : part->text));
  return wanted;
}

void AggregatePlanner::date_part(OutputField& out, const OperationField& field) {
  const InputNode* name = argument(field, InputBinding::Kind::group_field);
  const AggregateTerm term = group_term(field, column_named(name->text));
  if (!is_number(term.part) && scope_.errors.empty())
    scope_.fail(field.offset, "datePart is for parts that are numbers; select the others in group");
  cell(out, term);
}

void AggregatePlanner::value(OutputField& out, const OperationField& field, const OutputBinding& binding,
                             AggregateFunction function) {
  AggregateTerm term{.function = function, .column = binding.column};
  if (function == AggregateFunction::value) {
    term = group_term(field, binding.column);
    if (is_number(term.part))
      scope_.fail(field.offset, fmt::format("{} is a number; select it with datePart",
                                            argument(field, InputBinding::Kind::group_part)->text));
  }
  cell(out, term);
}

void AggregatePlanner::values(std::uint32_t index, const OperationField& field, AggregateFunction function) {
  plan_.fields[index].kind = OutputField::Kind::part;
  const std::uint32_t first = add_fields(plan_, index, field.child_count);
  for (std::uint32_t i = 0; i < field.child_count; ++i) {
    const OperationField& child = scope_.operation.fields[field.first_child + i];
    OutputField& out = plan_.fields[first + i] = start_field(scope_, child);
    if (out.kind != OutputField::Kind::type_name) value(out, child, scope_.schema[child.field], function);
  }
}

void AggregatePlanner::member(std::uint32_t index, const OperationField& field) {
  OutputField& out = plan_.fields[index] = start_field(scope_, field);
  if (out.kind == OutputField::Kind::type_name) return;
  const OutputBinding& binding = scope_.schema[field.field];
  switch (binding.kind) {
    case OutputBinding::Kind::aggregate_count:
      return cell(out, {});
    case OutputBinding::Kind::aggregate_values:
      return values(index, field, binding.function);
    case OutputBinding::Kind::aggregate_part:
      return date_part(out, field);
    default:
      scope_.fail(field.offset, "this field cannot be answered here");
      return;
  }
}

void AggregatePlanner::members(std::uint32_t index, const OperationField& field) {
  const std::uint32_t first = add_fields(plan_, index, field.child_count);
  for (std::uint32_t i = 0; i < field.child_count; ++i)
    member(first + i, scope_.operation.fields[field.first_child + i]);
  for (const AggregateTerm& term : aggregate_.outputs) may_use(term, field.offset);
  if (aggregate_.outputs.size() > scope_.options.limits.aggregate_values_max)
    scope_.fail(field.offset,
                fmt::format("{} values of each group are selected; at most {} are allowed",
                            aggregate_.outputs.size(), scope_.options.limits.aggregate_values_max),
                graphql::code::query_too_complex);
  // A selection without a value of its own still needs one to tell a group.
  if (aggregate_.outputs.empty())
    output(aggregate_.groups.empty() ? AggregateTerm{} : aggregate_.groups.front());
}

}  // namespace tenon::api
