// Section 6.3.2, CollectFields, for object types: what a selection set asks for in the end, with fragments
// spread, skipped selections left out and fields of one response key merged.
#include <algorithm>
#include <unordered_map>
#include <utility>

#include <fmt/format.h>

#include "base/limits.h"
#include "graphql/coerce_literal.h"
#include "graphql/operation.h"

namespace tenon::graphql {

namespace {

constexpr std::uint32_t none = 0xFFFFFFFF;

// One place where a field of some response key is selected; those of one key form a chain.
struct Occurrence {
  std::uint32_t selection = 0;  // Document::selections
  std::uint32_t next = none;    // Collector::occurrences_
};

// The fields of one response key, in the order of first appearance.
struct Group {
  std::string_view key;
  std::uint32_t first = none;
  std::uint32_t last = none;
};

class FieldGroups {
 public:
  Group& of(std::string_view key) {
    if (by_key_.empty()) {
      const auto found = std::ranges::find(groups_, key, &Group::key);
      if (found != groups_.end()) return *found;
      if (groups_.size() == compared_max) index();
    }
    if (!by_key_.empty()) {
      const auto [found, added] = by_key_.emplace(key, groups_.size());
      if (!added) return groups_[found->second];
    }
    return groups_.emplace_back(Group{.key = key});
  }
  const std::vector<Group>& all() const { return groups_; }

 private:
  static constexpr std::size_t compared_max = 16;
  void index() {
    for (std::size_t i = 0; i < groups_.size(); ++i) by_key_.emplace(groups_[i].key, i);
  }

  std::vector<Group> groups_;
  std::unordered_map<std::string_view, std::size_t> by_key_;  // filled once there are many
};

class Collector {
 public:
  Collector(const ValidDocument& document, std::uint32_t operation, const VariableValues& variables)
      : schema_(*document.schema),
        document_(*document.document),
        definition_(document_.operations[operation]),
        variables_{definition_.variables, &variables} {
    operation_.schema = document.schema;
    operation_.document = document.document;
    operation_.kind = definition_.kind;
    operation_.name = definition_.name.text;
    for (std::uint32_t i = 0; i < document_.fragments.size(); ++i)
      fragments_.emplace(document_.fragments[i].name.text, i);
  }

  std::expected<Operation, Errors> run();

 private:
  struct Context {
    TypeId type;
    FieldGroups groups;
    std::vector<bool> spread;  // fragments spread already
  };

  // Each answers false after an error.
  bool collect(Context& context, Range selections, std::uint32_t depth);
  bool collect_fragment(Context& context, const Selection& spread, std::uint32_t depth);
  bool is_selected(Range directives, bool& selected);
  bool condition(const Directive& directive, bool& value);
  bool applies(std::string_view condition, TypeId type) const;
  bool add_fields(const FieldGroups& groups, TypeId type, std::uint32_t& first);
  bool add_field(OperationField& field, const Group& group, TypeId type);
  bool add_arguments(OperationField& field, const Selection& selection);
  bool add_argument(const Selection& selection, InputValueId definition, std::optional<ValueId> given);
  bool add_children(std::uint32_t row, const Group& group, std::uint32_t depth);
  std::optional<FieldId> find_field(TypeId type, std::string_view name) const;

  bool fail(Offset offset, std::string message, std::string_view code = code::validation_failed);
  bool fail_argument(Offset offset, InputValueId definition, std::string_view message);

  const Schema& schema_;
  const Document& document_;
  const OperationDefinition& definition_;
  const LiteralVariables variables_;
  std::unordered_map<std::string_view, std::uint32_t> fragments_;
  std::vector<Occurrence> occurrences_;
  std::uint32_t visited_ = 0;
  Operation operation_;
  Errors errors_;
};

bool Collector::fail(Offset offset, std::string message, std::string_view code) {
  errors_.push_back({.message = std::move(message), .locations = {document_.position(offset)}, .code = code});
  return false;
}

std::expected<Operation, Errors> Collector::run() {
  const auto root = schema_.root(definition_.kind);
  if (!root || schema_[*root].kind != TypeKind::object) {
    fail(definition_.offset,
         fmt::format("Schema is not configured to execute {} operation.", to_string(definition_.kind)),
         code::operation_resolution_failure);
    return std::unexpected(std::move(errors_));
  }
  operation_.root_type = *root;
  Context context{.type = *root, .groups = {}, .spread = std::vector<bool>(document_.fragments.size())};
  std::uint32_t first = 0;
  bool done = collect(context, definition_.selections, 0) && add_fields(context.groups, *root, first);
  const auto& groups = context.groups.all();
  operation_.root_field_count = static_cast<std::uint32_t>(groups.size());
  for (std::uint32_t i = 0; done && i < groups.size(); ++i) done = add_children(first + i, groups[i], 1);
  if (!done) return std::unexpected(std::move(errors_));
  return std::move(operation_);
}

bool Collector::collect(Context& context, Range selections, std::uint32_t depth) {
  if (depth > base::collected_depth_max)
    return fail(definition_.offset, "The operation is nested too deeply.", code::query_too_deep);
  for (std::uint32_t i = selections.first; i < selections.first + selections.count; ++i) {
    const Selection& selection = document_.selections[i];
    if (++visited_ > base::selections_collected_max)
      return fail(selection.offset, "The operation selects too much once its fragments are spread.",
                  code::query_too_complex);
    bool selected = true;
    if (!is_selected(selection.directives, selected)) return false;
    if (!selected) continue;
    if (selection.kind == SelectionKind::fragment_spread) {
      if (!collect_fragment(context, selection, depth)) return false;
    } else if (selection.kind == SelectionKind::inline_fragment) {
      if (!applies(selection.condition.text, context.type)) continue;
      if (!collect(context, selection.selections, depth + 1)) return false;
    } else {
      Group& group = context.groups.of(selection.response_key());
      const auto occurrence = static_cast<std::uint32_t>(occurrences_.size());
      occurrences_.push_back({.selection = i});
      (group.first == none ? group.first : occurrences_[group.last].next) = occurrence;
      group.last = occurrence;
    }
  }
  return true;
}

bool Collector::collect_fragment(Context& context, const Selection& spread, std::uint32_t depth) {
  const auto found = fragments_.find(spread.name.text);
  if (found == fragments_.end())
    return fail(spread.offset, fmt::format("Unknown fragment \"{}\".", spread.name.text));
  if (context.spread[found->second]) return true;
  context.spread[found->second] = true;
  const FragmentDefinition& fragment = document_.fragments[found->second];
  if (!applies(fragment.condition.text, context.type)) return true;
  return collect(context, fragment.selections, depth + 1);
}

bool Collector::is_selected(Range directives, bool& selected) {
  for (std::uint32_t i = directives.first; i < directives.first + directives.count; ++i) {
    const Directive& directive = document_.directives[i];
    const bool skip = directive.name.text == "skip";
    if (!skip && directive.name.text != "include") continue;
    bool value = false;
    if (!condition(directive, value)) return false;
    if (value == skip) selected = false;
  }
  return true;
}

// The Boolean that @skip or @include was given.
bool Collector::condition(const Directive& directive, bool& value) {
  for (std::uint32_t i = directive.arguments.first; i < directive.arguments.first + directive.arguments.count;
       ++i) {
    const Argument& argument = document_.arguments[i];
    if (argument.name.text != "if") continue;
    const Value& given = document_.values[argument.value];
    std::string_view text = given.kind == ValueKind::boolean ? given.text : std::string_view();
    if (given.kind == ValueKind::variable) {
      const auto index = variables_.find(document_, given.text);
      const InputNode* node = index ? variables_.values->find(static_cast<std::int32_t>(*index)) : nullptr;
      if (node != nullptr && node->kind == InputKind::boolean) text = node->text;
    }
    if (text.empty())
      return fail(given.offset, fmt::format("Argument \"if\" of directive \"@{}\" must be a Boolean.",
                                            directive.name.text));
    value = text == "true";
    return true;
  }
  return fail(
      directive.offset,
      fmt::format(
          "Directive \"@{}\" argument \"if\" of type \"Boolean!\" is required, but it was not provided.",
          directive.name.text));
}

// Whether a fragment on `condition` holds for an object of `type`.
bool Collector::applies(std::string_view condition, TypeId type) const {
  if (condition.empty() || schema_[type].name == condition) return true;
  const auto abstract = schema_.find_type(condition);
  return abstract && schema_.is_possible_type(*abstract, type);
}

std::optional<FieldId> Collector::find_field(TypeId type, std::string_view name) const {
  if (name == "__typename") return schema_.typename_field();
  const bool query_root = schema_.root(OperationKind::query) == type;
  if (query_root && name == "__schema") return schema_.schema_field();
  if (query_root && name == "__type") return schema_.type_field();
  return schema_.find_field(type, name);
}

// Adds the rows of one selection set; they lie together, and their children come behind them.
bool Collector::add_fields(const FieldGroups& groups, TypeId type, std::uint32_t& first) {
  first = static_cast<std::uint32_t>(operation_.fields.size());
  for (const Group& group : groups.all()) {
    OperationField field;
    if (!add_field(field, group, type)) return false;
    operation_.fields.push_back(field);
  }
  return true;
}

bool Collector::add_field(OperationField& field, const Group& group, TypeId type) {
  const Selection& selection = document_.selections[occurrences_[group.first].selection];
  const auto id = find_field(type, selection.name.text);
  if (!id)
    return fail(selection.offset, fmt::format("Cannot query field \"{}\" on type \"{}\".",
                                              selection.name.text, schema_[type].name));
  field.response_key = group.key;
  field.field = *id;
  field.parent_type = type;
  field.offset = selection.offset;
  return add_arguments(field, selection);
}

bool Collector::add_arguments(OperationField& field, const Selection& selection) {
  field.first_argument = static_cast<std::uint32_t>(operation_.arguments.size());
  for (const InputValueId definition : schema_[field.field].arguments) {
    std::optional<ValueId> given;
    for (std::uint32_t i = 0; i < selection.arguments.count; ++i) {
      const Argument& argument = document_.arguments[selection.arguments.first + i];
      if (argument.name.text == schema_[definition].name) given = argument.value;
    }
    if (!add_argument(selection, definition, given)) return false;
  }
  field.argument_count = static_cast<std::uint32_t>(operation_.arguments.size()) - field.first_argument;
  return true;
}

bool Collector::fail_argument(Offset offset, InputValueId definition, std::string_view message) {
  return fail(offset, fmt::format("Argument \"{}\" has invalid value; {}", schema_[definition].name, message),
              code::bad_user_input);
}

// Section 6.4.1, CoerceArgumentValues.
bool Collector::add_argument(const Selection& selection, InputValueId definition,
                             std::optional<ValueId> given) {
  const InputValue& argument = schema_[definition];
  LiteralCoercer literal(schema_, document_, operation_.input, variables_);
  if (given && literal.is_absent(*given)) given.reset();
  if (!given && argument.is_required())
    return fail(selection.offset,
                fmt::format("Argument \"{}\" of required type \"{}\" was not provided.", argument.name,
                            schema_.to_string(argument.type)),
                code::bad_user_input);
  if (!given && !argument.default_value) return true;
  const InputNodeId target = operation_.input.add(1);
  if (given && !literal.coerce(target, *given, argument.type))
    return fail_argument(literal.problem_offset(), definition, literal.problem());
  if (!given && !literal.coerce_default(target, argument))
    return fail_argument(selection.offset, definition, literal.problem());
  operation_.arguments.push_back({.definition = definition, .value = target});
  return true;
}

// The selections of all fields of the group are one selection set (section 6.4.3, MergeSelectionSets).
bool Collector::add_children(std::uint32_t row, const Group& group, std::uint32_t depth) {
  const OperationField field = operation_.fields[row];
  const TypeId type = schema_[field.field].type.named();
  if (!schema_[type].is_composite()) return true;
  if (schema_[type].kind != TypeKind::object)
    return fail(field.offset,
                fmt::format("Field \"{}\" has the abstract type \"{}\", which cannot be executed.",
                            schema_[field.field].name, schema_[type].name));
  Context context{.type = type, .groups = {}, .spread = std::vector<bool>(document_.fragments.size())};
  for (std::uint32_t at = group.first; at != none; at = occurrences_[at].next) {
    const Range selections = document_.selections[occurrences_[at].selection].selections;
    if (!collect(context, selections, depth)) return false;
  }
  const auto& groups = context.groups.all();
  std::uint32_t first = 0;
  if (!add_fields(context.groups, type, first)) return false;
  operation_.fields[row].first_child = first;
  operation_.fields[row].child_count = static_cast<std::uint32_t>(groups.size());
  for (std::uint32_t i = 0; i < groups.size(); ++i)
    if (!add_children(first + i, groups[i], depth + 1)) return false;
  return true;
}

}  // namespace

std::expected<Operation, Errors> collect(const ValidDocument& document, std::uint32_t operation,
                                         const VariableValues& variables) {
  return Collector(document, operation, variables).run();
}

}  // namespace tenon::graphql
