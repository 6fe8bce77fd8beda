#include "graphql/introspection.h"

#include <algorithm>
#include <array>
#include <unordered_map>
#include <utility>
#include <vector>

#include "base/json_writer.h"

namespace tenon::graphql {

namespace {

// The fields of the introspection types; equal names of different types are one kind each.
enum class Ask : std::uint8_t {
  typename_,
  kind,
  name,
  description,
  specified_by_url,
  fields,
  interfaces,
  possible_types,
  enum_values,
  input_fields,
  of_type,
  is_one_of,
  args,
  type,
  is_deprecated,
  deprecation_reason,
  default_value,
  is_repeatable,
  locations,
  types,
  query_type,
  mutation_type,
  subscription_type,
  directives,
};

constexpr std::array<std::pair<std::string_view, Ask>, 24> ask_names = {{
    {"__typename", Ask::typename_},
    {"kind", Ask::kind},
    {"name", Ask::name},
    {"description", Ask::description},
    {"specifiedByURL", Ask::specified_by_url},
    {"fields", Ask::fields},
    {"interfaces", Ask::interfaces},
    {"possibleTypes", Ask::possible_types},
    {"enumValues", Ask::enum_values},
    {"inputFields", Ask::input_fields},
    {"ofType", Ask::of_type},
    {"isOneOf", Ask::is_one_of},
    {"args", Ask::args},
    {"type", Ask::type},
    {"isDeprecated", Ask::is_deprecated},
    {"deprecationReason", Ask::deprecation_reason},
    {"defaultValue", Ask::default_value},
    {"isRepeatable", Ask::is_repeatable},
    {"locations", Ask::locations},
    {"types", Ask::types},
    {"queryType", Ask::query_type},
    {"mutationType", Ask::mutation_type},
    {"subscriptionType", Ask::subscription_type},
    {"directives", Ask::directives},
}};

constexpr std::array<std::string_view, 6> kind_names = {"SCALAR", "OBJECT", "INTERFACE",
                                                        "UNION",  "ENUM",   "INPUT_OBJECT"};

// What a row of Operation::fields asks, found once so that a million answers need no look-up.
struct Step {
  Ask ask = Ask::name;
  bool include_deprecated = false;
  std::string prefix;  // `"alias":`, with a comma when it is not the first of its selection set
  std::uint32_t first_child = 0;
  std::uint32_t child_count = 0;
};

class IntrospectionWriter {
 public:
  IntrospectionWriter(std::string& out, const Operation& operation, const VariableValues& variables)
      : out_(out), operation_(operation), schema_(*operation.schema), variables_(variables) {
    steps_.resize(operation.fields.size());
  }

  void write(const OperationField& field) {
    Step root;
    root.first_child = field.first_child;
    root.child_count = field.child_count;
    prepare(root);
    if (field.field == schema_.schema_field()) return write_schema(root);
    const auto type = named_type(field);
    if (!type) return null();
    write_type(root, TypeReference(*type));
  }

 private:
  void prepare(const Step& parent);
  Step make_step(const OperationField& field, bool first) const;
  const InputNode* argument(const OperationField& field, std::string_view name) const;
  std::optional<TypeId> named_type(const OperationField& field) const;

  void write_schema(const Step& parent);
  void write_type(const Step& parent, TypeReference type);
  void write_cached_type(const Step& parent, TypeReference type);
  void answer_wrapper(const Step& step, TypeReference type);
  void answer_type(const Step& step, TypeId id);
  void write_field(const Step& parent, const Field& field);
  void write_input_value(const Step& parent, const InputValue& value);
  void write_enum_value(const Step& parent, const EnumValue& value);
  void write_directive(const Step& parent, const DirectiveDefinition& directive);
  void write_types(const Step& step);
  void write_type_list(const Step& step, const std::vector<TypeId>& types);
  void write_input_values(const Step& step, IdRange<InputValueId> values);
  void write_root(const Step& step, OperationKind kind);
  // The answers that fields, input values and enum values share.
  template <class Row>
  void answer_member(const Step& step, const Row& row, std::string_view type_name);

  template <class Answer>
  void object(const Step& parent, Answer answer) {
    out_ += '{';
    for (std::uint32_t i = 0; i < parent.child_count; ++i) {
      const Step& step = steps_[parent.first_child + i];
      out_ += step.prefix;
      answer(step);
    }
    out_ += '}';
  }
  template <class Items, class Item>
  void list(const Items& items, Item item) {
    out_ += '[';
    const std::size_t start = out_.size();
    for (const auto& each : items) {
      const std::size_t before = out_.size();
      if (before != start) out_ += ',';
      const std::size_t filled = out_.size();
      item(each);
      if (out_.size() == filled) out_.resize(before);  // it was left out
    }
    out_ += ']';
  }
  void null() { out_ += "null"; }
  void boolean(bool value) { out_ += value ? "true" : "false"; }
  // Names hold nothing that JSON escapes.
  void name(std::string_view text) { out_.append("\"").append(text).append("\""); }
  void text(std::string_view text) { base::append_json_string(out_, text); }
  void text_or_null(std::string_view value) { value.empty() ? null() : text(value); }
  void text_or_null(const std::optional<std::string_view>& value) { value ? text(*value) : null(); }

  std::string& out_;
  const Operation& operation_;
  const Schema& schema_;
  const VariableValues& variables_;
  std::vector<Step> steps_;  // parallel to Operation::fields; filled below the root field
  // The same few types of fields and arguments occur all over a schema: their answers by step and reference.
  struct CacheKey {
    std::uint32_t step = 0;
    std::uint64_t type = 0;
    friend bool operator==(const CacheKey&, const CacheKey&) = default;
  };
  struct CacheHash {
    std::size_t operator()(const CacheKey& key) const {
      return (key.type ^ key.step << 20U) * 0x9E3779B97F4A7C15U;
    }
  };
  std::unordered_map<CacheKey, std::string, CacheHash> types_;
};

const InputNode* IntrospectionWriter::argument(const OperationField& field, std::string_view name) const {
  const InputNode* node = operation_.argument(field, name);
  if (node == nullptr) return nullptr;
  const InputOrigin& origin = operation_.input.origin(*node);
  return origin.variable < 0 ? node : variables_.find(origin);
}

std::optional<TypeId> IntrospectionWriter::named_type(const OperationField& field) const {
  const InputNode* node = argument(field, "name");
  if (node == nullptr) return std::nullopt;
  const auto found = schema_.find_type(node->text);
  return found && !schema_.shows(*found) ? std::nullopt : found;
}

Step IntrospectionWriter::make_step(const OperationField& field, bool first) const {
  Step step;
  const auto* found =
      std::ranges::find(ask_names, schema_[field.field].name, [](const auto& n) { return n.first; });
  if (found != ask_names.end()) step.ask = found->second;
  const InputNode* deprecated = argument(field, "includeDeprecated");
  step.include_deprecated = deprecated != nullptr && deprecated->text == "true";
  if (!first) step.prefix = ",";
  base::append_json_string(step.prefix, field.response_key);
  step.prefix += ':';
  step.first_child = field.first_child;
  step.child_count = field.child_count;
  return step;
}

void IntrospectionWriter::prepare(const Step& parent) {
  for (std::uint32_t i = 0; i < parent.child_count; ++i) {
    const std::uint32_t row = parent.first_child + i;
    steps_[row] = make_step(operation_.fields[row], i == 0);
    prepare(steps_[row]);
  }
}

void IntrospectionWriter::write_root(const Step& step, OperationKind kind) {
  const auto root = schema_.root(kind);
  root&& schema_.shows(*root) ? write_type(step, TypeReference(*root)) : null();
}

void IntrospectionWriter::write_schema(const Step& parent) {
  object(parent, [this](const Step& step) {
    switch (step.ask) {
      case Ask::description:
        return text_or_null(schema_.description());
      case Ask::types:
        return write_types(step);
      case Ask::query_type:
        return write_root(step, OperationKind::query);
      case Ask::mutation_type:
        return write_root(step, OperationKind::mutation);
      case Ask::subscription_type:
        return write_root(step, OperationKind::subscription);
      case Ask::directives: {
        IdRange<DirectiveId> all{0, static_cast<std::uint32_t>(schema_.directive_count())};
        return list(all, [&](DirectiveId id) { write_directive(step, schema_[id]); });
      }
      default:
        return name("__Schema");
    }
  });
}

// A service's own types first, as people look for those.
void IntrospectionWriter::write_types(const Step& step) {
  std::vector<TypeId> order;
  order.reserve(schema_.type_count());
  for (const bool builtin : {false, true})
    for (std::uint32_t i = 0; i < schema_.type_count(); ++i)
      if (!schema_[TypeId{i}].unused && schema_.shows(TypeId{i}) && schema_.is_builtin(TypeId{i}) == builtin)
        order.push_back({i});
  write_type_list(step, order);
}

void IntrospectionWriter::write_type_list(const Step& step, const std::vector<TypeId>& types) {
  list(types, [&](TypeId id) { write_type(step, TypeReference(id)); });
}

void IntrospectionWriter::write_input_values(const Step& step, IdRange<InputValueId> values) {
  list(values, [&](InputValueId id) {
    if (!schema_.shows(id)) return;
    if (step.include_deprecated || !schema_[id].deprecation_reason) write_input_value(step, schema_[id]);
  });
}

void IntrospectionWriter::write_type(const Step& parent, TypeReference type) {
  object(parent, [&](const Step& step) {
    type.is_named() ? answer_type(step, type.named()) : answer_wrapper(step, type);
  });
}

void IntrospectionWriter::write_cached_type(const Step& parent, TypeReference type) {
  const CacheKey key{parent.first_child, type.key()};
  if (const auto found = types_.find(key); found != types_.end()) {
    out_ += found->second;
    return;
  }
  const std::size_t start = out_.size();
  write_type(parent, type);
  constexpr std::size_t cached_bytes_max = 1'000;
  if (out_.size() - start <= cached_bytes_max) types_.emplace(key, out_.substr(start));
}

void IntrospectionWriter::answer_wrapper(const Step& step, TypeReference type) {
  switch (step.ask) {
    case Ask::typename_:
      return name("__Type");
    case Ask::kind:
      return name(type.is_non_null() ? "NON_NULL" : "LIST");
    case Ask::of_type:
      return write_type(step, type.inner());
    default:
      return null();
  }
}

void IntrospectionWriter::answer_type(const Step& step, TypeId id) {
  const Type& type = schema_[id];
  const bool has_fields = type.kind == TypeKind::object || type.kind == TypeKind::interface;
  switch (step.ask) {
    case Ask::kind:
      return name(kind_names[static_cast<std::size_t>(type.kind)]);
    case Ask::name:
      return name(type.name);
    case Ask::description:
      return text_or_null(type.description);
    case Ask::specified_by_url:
      return text_or_null(type.specified_by);
    case Ask::fields:
      if (!has_fields) return null();
      return list(type.fields, [&](FieldId field) {
        if (!schema_.shows(field)) return;
        if (step.include_deprecated || !schema_[field].deprecation_reason) write_field(step, schema_[field]);
      });
    case Ask::interfaces:
      return has_fields ? write_type_list(step, type.interfaces) : null();
    case Ask::possible_types:
      if (type.kind != TypeKind::interface && type.kind != TypeKind::union_) return null();
      return write_type_list(step, type.possible_types);
    case Ask::enum_values:
      if (type.kind != TypeKind::enum_) return null();
      return list(type.enum_values, [&](EnumValueId value) {
        if (!schema_.shows(value)) return;
        if (step.include_deprecated || !schema_[value].deprecation_reason)
          write_enum_value(step, schema_[value]);
      });
    case Ask::input_fields:
      return type.kind == TypeKind::input_object ? write_input_values(step, type.input_fields) : null();
    case Ask::is_one_of:
      return type.kind == TypeKind::input_object ? boolean(type.one_of) : null();
    case Ask::typename_:
      return name("__Type");
    default:
      return null();
  }
}

template <class Row>
void IntrospectionWriter::answer_member(const Step& step, const Row& row, std::string_view type_name) {
  switch (step.ask) {
    case Ask::name:
      return name(row.name);
    case Ask::description:
      return text_or_null(row.description);
    case Ask::is_deprecated:
      return boolean(row.deprecation_reason.has_value());
    case Ask::deprecation_reason:
      return text_or_null(row.deprecation_reason);
    default:
      return name(type_name);
  }
}

void IntrospectionWriter::write_field(const Step& parent, const Field& field) {
  object(parent, [&](const Step& step) {
    if (step.ask == Ask::args) return write_input_values(step, field.arguments);
    if (step.ask == Ask::type) return write_cached_type(step, field.type);
    answer_member(step, field, "__Field");
  });
}

void IntrospectionWriter::write_input_value(const Step& parent, const InputValue& value) {
  object(parent, [&](const Step& step) {
    if (step.ask == Ask::type) return write_cached_type(step, value.type);
    if (step.ask == Ask::default_value) return text_or_null(value.default_text);
    answer_member(step, value, "__InputValue");
  });
}

void IntrospectionWriter::write_enum_value(const Step& parent, const EnumValue& value) {
  object(parent, [&](const Step& step) { answer_member(step, value, "__EnumValue"); });
}

void IntrospectionWriter::write_directive(const Step& parent, const DirectiveDefinition& directive) {
  object(parent, [&](const Step& step) {
    switch (step.ask) {
      case Ask::name:
        return name(directive.name);
      case Ask::description:
        return text_or_null(directive.description);
      case Ask::is_repeatable:
        return boolean(directive.repeatable);
      case Ask::locations:
        return list(directive.locations, [this](DirectiveLocation location) { name(to_string(location)); });
      case Ask::args:
        return write_input_values(step, directive.arguments);
      default:
        return name("__Directive");
    }
  });
}

}  // namespace

bool is_introspection(const Operation& operation, const OperationField& field) {
  return field.field == operation.schema->schema_field() || field.field == operation.schema->type_field();
}

void write_introspection(std::string& out, const Operation& operation, const OperationField& field,
                         const VariableValues& variables) {
  IntrospectionWriter(out, operation, variables).write(field);
}

}  // namespace tenon::graphql
