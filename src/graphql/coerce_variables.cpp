// Section 6.1.2, CoerceVariableValues: the request's JSON to input values. Runs for every request, so the
// good way allocates nothing but the tree's rows; what a message needs is gathered only when there is one.
#include <algorithm>
#include <utility>

#include <fmt/format.h>

#include "base/limits.h"
#include "graphql/coerce_literal.h"
#include "graphql/coerce_scalar.h"
#include "graphql/json.h"
#include "graphql/operation.h"

namespace tenon::graphql {

namespace {

// Where in a variable we are; links to the callers' frames.
struct Place {
  const Place* outer = nullptr;
  std::string_view key;
  std::uint32_t index = 0;  // when key is empty

  void append_to(std::string& out) const {
    if (outer != nullptr) outer->append_to(out);
    if (key.empty())
      out += fmt::format("[{}]", index);
    else
      out.append(".").append(key);
  }
};

InputKind written_kind(JsonValue value) {
  switch (value.kind()) {
    case JsonKind::null:
      return InputKind::null;
    case JsonKind::boolean:
      return InputKind::boolean;
    case JsonKind::number:
      return is_integer_text(value->text) ? InputKind::int_ : InputKind::float_;
    case JsonKind::string:
      return InputKind::string;
    case JsonKind::array:
      return InputKind::list;
    case JsonKind::object:
      return InputKind::object;
  }
  return InputKind::null;
}

class VariableCoercer {
 public:
  VariableCoercer(const ValidDocument& document, std::uint32_t operation)
      : schema_(*document.schema),
        document_(*document.document),
        definitions_(document_.operations[operation].variables) {
    values_.values.reserve(definitions_.count);
    values_.tree.nodes.reserve(definitions_.count * 4U);
  }

  std::expected<VariableValues, Errors> run(JsonValue given) {
    for (std::uint32_t i = 0; i < definitions_.count && errors_.size() < base::variable_errors_max; ++i) {
      definition_ = &document_.variables[definitions_.first + i];
      values_.values.push_back(variable(given ? given.member(definition_->name.text) : JsonValue()));
    }
    if (errors_.empty()) return std::move(values_);
    return std::unexpected(std::move(errors_));
  }

 private:
  struct Member {
    InputValueId field;
    JsonValue given;  // none: the default
  };

  std::optional<InputNodeId> variable(JsonValue given);
  std::optional<InputNodeId> default_value(TypeReference type);
  void value(InputNodeId target, JsonValue given, TypeReference type, const Place* place);
  void list(InputNodeId target, JsonValue given, TypeReference item, const Place* place);
  void enumeration(InputNodeId target, JsonValue given, TypeId type, const Place* place);
  void custom(InputNodeId target, JsonValue given);
  void object(InputNodeId target, JsonValue given, TypeId type, const Place* place);
  void add_expected(std::size_t mark, JsonValue given, TypeId type, const Place* place);
  void sort_members(std::size_t mark);
  void member(InputNodeId target, Member member, const Place* place);
  void check_one_of(InputNodeId target, JsonValue given, TypeId type, const Place* place);

  void fail(std::string message);
  void fail(JsonValue given, const Place* place, std::string_view message);

  const Schema& schema_;
  const Document& document_;
  const Range definitions_;
  const VariableDefinition* definition_ = nullptr;
  VariableValues values_;
  std::vector<Member> members_;  // of the objects being read, the innermost one's on top
  Errors errors_;
};

void VariableCoercer::fail(std::string message) {
  if (errors_.size() == base::variable_errors_max) return;
  errors_.push_back({.message = std::move(message),
                     .locations = {document_.position(definition_->offset)},
                     .code = code::bad_user_input});
  if (errors_.size() + 1 == base::variable_errors_max)
    errors_.push_back(
        {.message = "Too many errors processing variables, error limit reached. Execution aborted.",
         .code = code::bad_user_input});
}

void VariableCoercer::fail(JsonValue given, const Place* place, std::string_view message) {
  const std::string_view name = definition_->name.text;
  std::string at;
  if (place != nullptr) {
    at = fmt::format(" at \"{}", name);
    place->append_to(at);
    at += '"';
  }
  fail(fmt::format("Variable \"${}\" got invalid value {}{}; {}", name, show_json(given), at, message));
}

std::optional<InputNodeId> VariableCoercer::variable(JsonValue given) {
  const auto type = schema_.resolve(document_.types[definition_->type]);
  const std::string_view name = definition_->name.text;
  if (!type || !schema_[type->named()].is_input()) {
    fail(fmt::format("Variable \"${}\" expected value of type \"{}\" which cannot be used as an input type.",
                     name, document_.types[definition_->type].name.text));
    return std::nullopt;
  }
  if (!given && definition_->has_default) return default_value(*type);
  if (!given && !type->is_non_null()) return std::nullopt;
  if (!given) {
    fail(fmt::format("Variable \"${}\" of required type \"{}\" was not provided.", name,
                     schema_.to_string(*type)));
    return std::nullopt;
  }
  if (given.is_null() && type->is_non_null()) {
    fail(fmt::format("Variable \"${}\" of non-null type \"{}\" must not be null.", name,
                     schema_.to_string(*type)));
    return std::nullopt;
  }
  const InputNodeId target = values_.tree.add(1);
  value(target, given, *type, nullptr);
  return target;
}

std::optional<InputNodeId> VariableCoercer::default_value(TypeReference type) {
  const InputNodeId target = values_.tree.add(1);
  LiteralCoercer literal(schema_, document_, values_.tree);
  if (!literal.coerce(target, definition_->default_value, type)) fail(literal.problem());
  return target;
}

void VariableCoercer::value(InputNodeId target, JsonValue given, TypeReference type, const Place* place) {
  if (given.is_null()) {
    if (type.is_non_null())
      fail(given, place,
           fmt::format("Expected non-nullable type \"{}\" not to be null.", schema_.to_string(type)));
    return;
  }
  type = type.nullable();
  if (type.is_list()) return list(target, given, type.inner(), place);
  const TypeId named = type.named();
  if (schema_[named].kind == TypeKind::input_object) return object(target, given, named, place);
  if (schema_[named].kind == TypeKind::enum_) return enumeration(target, given, named, place);
  const auto scalar = schema_.builtin(named);
  if (!scalar) return custom(target, given);
  InputTree& tree = values_.tree;
  const auto coerced =
      coerce_scalar(*scalar, InputForm::json, {written_kind(given), given->text}, tree.nodes[target], tree);
  if (!coerced) fail(given, place, fmt::format("{}: {}", coerced.error(), show_json(given)));
}

// A value that is no list stands for a list of it alone.
void VariableCoercer::list(InputNodeId target, JsonValue given, TypeReference item, const Place* place) {
  const bool alone = given.kind() != JsonKind::array;
  const std::uint32_t count = alone ? 1 : given->size;
  const InputNodeId first = values_.tree.add(count);
  InputNode& node = values_.tree.nodes[target];
  node.kind = InputKind::list;
  node.first_child = first;
  node.child_count = count;
  if (alone) return value(first, given, item, place);
  Place inner{.outer = place};
  for (const JsonValue child : given) {
    value(first + inner.index, child, item, &inner);
    ++inner.index;
  }
}

void VariableCoercer::enumeration(InputNodeId target, JsonValue given, TypeId type, const Place* place) {
  const std::string_view name = schema_[type].name;
  if (given.kind() != JsonKind::string)
    return fail(given, place,
                fmt::format("Enum \"{}\" cannot represent non-string value: {}.", name, show_json(given)));
  const auto member = schema_.find_enum_value(type, given->text);
  if (!member)
    return fail(given, place, fmt::format("Value \"{}\" does not exist in \"{}\" enum.", given->text, name));
  values_.tree.nodes[target].kind = InputKind::enum_;
  values_.tree.nodes[target].text = schema_[*member].name;
}

void VariableCoercer::custom(InputNodeId target, JsonValue given) {
  InputNode& node = values_.tree.nodes[target];
  node.kind = written_kind(given);
  node.text = given->text;
  if (given.kind() != JsonKind::array && given.kind() != JsonKind::object) return;
  std::string json;
  append_json(json, given);
  node.text = values_.tree.keep(std::move(json));
}

void VariableCoercer::object(InputNodeId target, JsonValue given, TypeId type, const Place* place) {
  if (given.kind() != JsonKind::object)
    return fail(given, place, fmt::format("Expected type \"{}\" to be an object.", schema_[type].name));
  const std::size_t mark = members_.size();
  for (const JsonValue member : given) {
    const auto field = schema_.find_input_field(type, member->key);
    if (field)
      members_.push_back({*field, member});
    else
      fail(given, place,
           fmt::format("Field \"{}\" is not defined by type \"{}\".", member->key, schema_[type].name));
  }
  if (schema_[type].has_expected_fields) add_expected(mark, given, type, place);
  sort_members(mark);
  const auto count = static_cast<std::uint32_t>(members_.size() - mark);
  const InputNodeId first = values_.tree.add(count);
  InputNode& node = values_.tree.nodes[target];
  node.kind = InputKind::object;
  node.first_child = first;
  node.child_count = count;
  for (std::uint32_t i = 0; i < count; ++i) member(first + i, members_[mark + i], place);
  members_.resize(mark);
  if (schema_[type].one_of) check_one_of(target, given, type, place);
}

// Fields that were not given although they are required or have a default.
void VariableCoercer::add_expected(std::size_t mark, JsonValue given, TypeId type, const Place* place) {
  const std::size_t end = members_.size();
  for (const InputValueId field : schema_[type].input_fields) {
    const InputValue& definition = schema_[field];
    if (!definition.default_value && !definition.type.is_non_null()) continue;
    const auto first = members_.begin() + static_cast<std::ptrdiff_t>(mark);
    const auto last = members_.begin() + static_cast<std::ptrdiff_t>(end);
    if (std::find_if(first, last, [&](const Member& m) { return m.field == field; }) != last) continue;
    if (definition.default_value)
      members_.push_back({field, JsonValue()});
    else
      fail(given, place,
           fmt::format("Field \"{}\" of required type \"{}\" was not provided.", definition.name,
                       schema_.to_string(definition.type)));
  }
}

// In the order of the type's fields; of a key given twice the last one counts.
void VariableCoercer::sort_members(std::size_t mark) {
  std::sort(members_.begin() + static_cast<std::ptrdiff_t>(mark), members_.end(),
            [](const Member& a, const Member& b) {
              return a.field != b.field ? a.field < b.field : a.given.id() < b.given.id();
            });
  std::size_t kept = mark;
  for (std::size_t i = mark; i < members_.size(); ++i)
    if (i + 1 == members_.size() || members_[i].field != members_[i + 1].field)
      members_[kept++] = members_[i];
  members_.resize(kept);
}

void VariableCoercer::member(InputNodeId target, Member member, const Place* place) {
  const InputValue& definition = schema_[member.field];
  if (member.given) {
    const Place inner{.outer = place, .key = definition.name};
    value(target, member.given, definition.type, &inner);
  } else {
    LiteralCoercer literal(schema_, document_, values_.tree);
    if (!literal.coerce_default(target, definition)) fail(literal.problem());
  }
  values_.tree.nodes[target].definition = member.field;
}

void VariableCoercer::check_one_of(InputNodeId target, JsonValue given, TypeId type, const Place* place) {
  const InputNode& node = values_.tree.nodes[target];
  if (given->size != 1)
    return fail(given, place,
                fmt::format("Exactly one key must be specified for OneOf type \"{}\".", schema_[type].name));
  if (node.child_count != 1) return;  // an unknown key, which was reported
  const InputNode& member = values_.tree.nodes[node.first_child];
  const Place inner{.outer = place, .key = schema_[member.definition].name};
  const JsonValue only = *given.begin();
  if (only.is_null()) fail(only, &inner, fmt::format("Field \"{}\" must be non-null.", inner.key));
}

}  // namespace

std::expected<VariableValues, Errors> coerce_variables(const ValidDocument& document, std::uint32_t operation,
                                                       JsonValue given) {
  return VariableCoercer(document, operation).run(given);
}

}  // namespace tenon::graphql
