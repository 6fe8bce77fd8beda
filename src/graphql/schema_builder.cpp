#include "graphql/schema_builder.h"

#include <algorithm>
#include <unordered_map>
#include <utility>

#include <fmt/format.h>

#include "graphql/builtin_types.h"
#include "graphql/constants.h"
#include "graphql/name.h"
#include "graphql/schema_check.h"

namespace tenon::graphql {

namespace {

constexpr std::array<std::string_view, 3> default_roots = {"Query", "Mutation", "Subscription"};

Error schema_error(std::string message) {
  return {.message = std::move(message), .code = code::schema_invalid};
}

}  // namespace

// Rows are made at once; a type reference in them holds the number of a name ("symbol") instead of a type id
// until build() knows which type has that name.
struct SchemaBuilder::State {
  std::shared_ptr<Schema> schema = std::make_shared<Schema>();
  std::unordered_map<std::string_view, std::uint32_t> symbols;
  std::vector<std::string_view> symbol_names;
  std::vector<std::optional<TypeId>> symbol_types;
  std::vector<InputValueId> default_owners;
  std::vector<std::string> default_texts;
  std::array<std::optional<std::string>, 3> roots;
  bool default_roots_apply = true;
  std::optional<std::string> problem;  // the first one

  void report(std::string message) {
    if (!problem) problem = std::move(message);
  }
  std::string_view name(std::string_view text);
  TypeId symbol(std::string_view name);
  TypeReference reference(std::string_view text);
  std::optional<std::string_view> optional_text(const std::optional<std::string>& text);
  void add_type(Type type);
  IdRange<FieldId> add_fields(const std::vector<FieldSpec>& specs);
  IdRange<InputValueId> add_input_values(const std::vector<InputValueSpec>& specs);
  std::vector<TypeId> symbols_of(const std::vector<std::string>& names);
  void add_composite(TypeKind kind, std::string_view name, const std::vector<FieldSpec>& fields,
                     std::string_view description, const std::vector<std::string>& interfaces);

  void link();
  void resolve(TypeId& symbol);
  void resolve(TypeReference& type);
  void resolve_defaults();
  void find_roots();
  void find_possible_types();
  void find_unused_scalars();
  void release_spare_room();
  void index_names();
};

std::string_view SchemaBuilder::State::name(std::string_view text) {
  if (!is_name(text)) report(fmt::format("\"{}\" is not a GraphQL name.", text));
  return schema->texts_.intern(text);
}

TypeId SchemaBuilder::State::symbol(std::string_view text) {
  if (const auto found = symbols.find(text); found != symbols.end()) return {found->second};
  const auto number = static_cast<std::uint32_t>(symbol_names.size());
  symbol_names.push_back(schema->texts_.intern(text));
  symbol_types.emplace_back();
  symbols.emplace(symbol_names.back(), number);
  return {number};
}

// "[Int!]!": brackets on the left only count, the marks on the right say from the inside out what is what.
TypeReference SchemaBuilder::State::reference(std::string_view text) {
  const std::size_t open = std::min(text.find_first_not_of('['), text.size());
  const std::size_t end = std::min(text.find_first_of("]!", open), text.size());
  const std::string_view named = text.substr(open, end - open);
  TypeReference type(symbol(named));
  std::size_t closed = 0;
  bool valid = is_name(named) && text.size() - end <= TypeReference::wrappers_max;
  for (std::size_t i = end; valid && i < text.size(); ++i) {
    const bool list = text[i] == ']';
    valid = list || (text[i] == '!' && !type.is_non_null());
    type = list ? type.list() : type.non_null();
    closed += list ? 1 : 0;
  }
  if (!valid || closed != open) report(fmt::format("\"{}\" is not a GraphQL type.", text));
  return type;
}

std::optional<std::string_view> SchemaBuilder::State::optional_text(const std::optional<std::string>& text) {
  if (!text) return std::nullopt;
  return schema->texts_.intern(*text);
}

// A built-in type stays as it is when it is defined again, which some services' SDL does.
void SchemaBuilder::State::add_type(Type type) {
  const TypeId named = symbol(type.name);
  std::optional<TypeId>& id = symbol_types[named.value];
  if (id && !schema->is_builtin(*id))
    return report(fmt::format("There can be only one type named \"{}\".", type.name));
  if (id) return;
  id = TypeId{static_cast<std::uint32_t>(schema->types_.size())};
  schema->types_.push_back(std::move(type));
}

IdRange<InputValueId> SchemaBuilder::State::add_input_values(const std::vector<InputValueSpec>& specs) {
  std::vector<InputValue>& rows = schema->input_values_;
  const IdRange<InputValueId> range{static_cast<std::uint32_t>(rows.size()),
                                    static_cast<std::uint32_t>(specs.size())};
  for (const InputValueSpec& spec : specs) {
    if (!spec.default_value.empty()) {
      default_owners.push_back({static_cast<std::uint32_t>(rows.size())});
      default_texts.push_back(spec.default_value);
    }
    rows.push_back({.name = name(spec.name),
                    .description = schema->texts_.intern(spec.description),
                    .type = reference(spec.type),
                    .default_text = schema->texts_.intern(spec.default_value),
                    .deprecation_reason = optional_text(spec.deprecation_reason)});
  }
  return range;
}

IdRange<FieldId> SchemaBuilder::State::add_fields(const std::vector<FieldSpec>& specs) {
  std::vector<Field>& rows = schema->fields_;
  const IdRange<FieldId> range{static_cast<std::uint32_t>(rows.size()),
                               static_cast<std::uint32_t>(specs.size())};
  const TypeId parent{static_cast<std::uint32_t>(schema->types_.size())};
  for (const FieldSpec& spec : specs)
    rows.push_back({.name = name(spec.name),
                    .description = schema->texts_.intern(spec.description),
                    .type = reference(spec.type),
                    .arguments = add_input_values(spec.arguments),
                    .deprecation_reason = optional_text(spec.deprecation_reason),
                    .parent = parent});
  return range;
}

std::vector<TypeId> SchemaBuilder::State::symbols_of(const std::vector<std::string>& names) {
  std::vector<TypeId> result;
  result.reserve(names.size());
  for (const std::string& text : names) result.push_back(symbol(text));
  return result;
}

void SchemaBuilder::State::add_composite(TypeKind kind, std::string_view type_name,
                                         const std::vector<FieldSpec>& fields, std::string_view description,
                                         const std::vector<std::string>& interfaces) {
  add_type({.kind = kind,
            .name = name(type_name),
            .description = schema->texts_.intern(description),
            .fields = add_fields(fields),
            .interfaces = symbols_of(interfaces)});
}

void SchemaBuilder::State::resolve(TypeId& symbol) {
  const std::optional<TypeId>& type = symbol_types[symbol.value];
  if (!type) report(fmt::format("Unknown type: \"{}\".", symbol_names[symbol.value]));
  symbol = type.value_or(TypeId{});
}

void SchemaBuilder::State::resolve(TypeReference& type) {
  TypeId named = type.named();
  resolve(named);
  type = type.around(named);
}

void SchemaBuilder::State::resolve_defaults() {
  auto constants = parse_constants(default_texts);
  if (!constants) return report(std::move(constants.error().message));
  for (std::size_t i = 0; i < default_owners.size(); ++i)
    schema->input_values_[default_owners[i].value].default_value = constants->values[i];
  schema->defaults_ = std::move(constants->document);
}

void SchemaBuilder::State::find_roots() {
  for (std::size_t kind = 0; kind < roots.size(); ++kind) {
    if (!roots[kind] && !default_roots_apply) continue;
    const auto found = symbols.find(roots[kind] ? std::string_view(*roots[kind]) : default_roots[kind]);
    if (found != symbols.end()) schema->roots_[kind] = symbol_types[found->second];
    if (roots[kind] && !schema->roots_[kind]) report(fmt::format("Unknown type: \"{}\".", *roots[kind]));
  }
}

void SchemaBuilder::State::find_possible_types() {
  std::vector<Type>& types = schema->types_;
  for (std::uint32_t i = 0; i < types.size(); ++i) {
    if (types[i].kind != TypeKind::object) continue;
    for (const TypeId interface : types[i].interfaces)
      if (types[interface.value].kind == TypeKind::interface)
        types[interface.value].possible_types.push_back({i});
  }
}

void SchemaBuilder::State::find_unused_scalars() {
  const auto use = [this](TypeReference type) { schema->types_[type.named().value].unused = false; };
  for (std::size_t scalar = 0; scalar < builtin_scalar_count; ++scalar) schema->types_[scalar].unused = true;
  for (const Field& field : schema->fields_) use(field.type);
  for (const InputValue& value : schema->input_values_) use(value.type);
  for (Type& type : schema->types_)
    type.has_expected_fields = std::ranges::any_of(type.input_fields, [this](InputValueId id) {
      return schema->input_values_[id.value].type.is_non_null() ||
             schema->input_values_[id.value].default_value;
    });
}

void SchemaBuilder::State::index_names() {
  Schema& s = *schema;
  const auto index = [](NameIndex& names, const auto& rows, const auto& range) {
    if (range.size() <= rows_compared_max) return;
    for (const auto id : range) names.insert(NameIndex::hash(rows[id.value].name, range.first), id.value);
  };
  s.type_index_.reserve(s.types_.size());
  s.field_index_.reserve(s.fields_.size());
  s.input_value_index_.reserve(s.input_values_.size());
  s.enum_value_index_.reserve(s.enum_values_.size());
  for (std::uint32_t i = 0; i < s.types_.size(); ++i) {
    if (!s.types_[i].unused) s.type_index_.insert(NameIndex::hash(s.types_[i].name), i);
    index(s.field_index_, s.fields_, s.types_[i].fields);
    index(s.input_value_index_, s.input_values_, s.types_[i].input_fields);
    index(s.enum_value_index_, s.enum_values_, s.types_[i].enum_values);
  }
  for (const Field& field : s.fields_) index(s.input_value_index_, s.input_values_, field.arguments);
  for (const DirectiveDefinition& d : s.directives_)
    index(s.input_value_index_, s.input_values_, d.arguments);
}

// The schema lives long and nothing is added to it any more.
void SchemaBuilder::State::release_spare_room() {
  schema->types_.shrink_to_fit();
  schema->fields_.shrink_to_fit();
  schema->input_values_.shrink_to_fit();
  schema->enum_values_.shrink_to_fit();
  schema->texts_.seal();
}

void SchemaBuilder::State::link() {
  for (Type& type : schema->types_) {
    for (TypeId& interface : type.interfaces) resolve(interface);
    for (TypeId& member : type.possible_types) resolve(member);
  }
  for (Field& field : schema->fields_) resolve(field.type);
  for (InputValue& value : schema->input_values_) resolve(value.type);
  resolve_defaults();
  find_roots();
  if (problem) return;
  find_possible_types();
  find_unused_scalars();
  release_spare_room();
  index_names();
}

SchemaBuilder::SchemaBuilder() : state_(std::make_unique<State>()) {
  Schema& schema = *state_->schema;
  add_builtin_scalars(*this);
  add_introspection_types(*this);
  schema.builtin_type_count_ = static_cast<std::uint32_t>(schema.types_.size());
  add_builtin_directives(*this);
  const IdRange<FieldId> meta = state_->add_fields(meta_fields());
  schema.typename_field_ = meta[0];
  schema.schema_field_ = meta[1];
  schema.type_field_ = meta[2];
}

SchemaBuilder::~SchemaBuilder() = default;

void SchemaBuilder::set_description(std::string description) {
  state_->schema->description_ = state_->schema->texts_.add(description);
}

void SchemaBuilder::add_scalar(std::string name, std::string description,
                               std::optional<std::string> specified_by) {
  state_->add_type({.kind = TypeKind::scalar,
                    .name = state_->name(name),
                    .description = state_->schema->texts_.intern(description),
                    .specified_by = state_->optional_text(specified_by)});
}

void SchemaBuilder::add_enum(std::string name, std::vector<EnumValueSpec> values, std::string description) {
  std::vector<EnumValue>& rows = state_->schema->enum_values_;
  const IdRange<EnumValueId> range{static_cast<std::uint32_t>(rows.size()),
                                   static_cast<std::uint32_t>(values.size())};
  for (const EnumValueSpec& spec : values)
    rows.push_back({.name = state_->name(spec.name),
                    .description = state_->schema->texts_.intern(spec.description),
                    .deprecation_reason = state_->optional_text(spec.deprecation_reason)});
  state_->add_type({.kind = TypeKind::enum_,
                    .name = state_->name(name),
                    .description = state_->schema->texts_.intern(description),
                    .enum_values = range});
}

void SchemaBuilder::add_object(std::string name, std::vector<FieldSpec> fields, std::string description,
                               std::vector<std::string> interfaces) {
  state_->add_composite(TypeKind::object, name, fields, description, interfaces);
}

void SchemaBuilder::add_interface(std::string name, std::vector<FieldSpec> fields, std::string description,
                                  std::vector<std::string> interfaces) {
  state_->add_composite(TypeKind::interface, name, fields, description, interfaces);
}

void SchemaBuilder::add_union(std::string name, std::vector<std::string> members, std::string description) {
  state_->add_type({.kind = TypeKind::union_,
                    .name = state_->name(name),
                    .description = state_->schema->texts_.intern(description),
                    .possible_types = state_->symbols_of(members)});
}

void SchemaBuilder::add_input(std::string name, std::vector<InputValueSpec> fields, std::string description,
                              bool one_of) {
  state_->add_type({.kind = TypeKind::input_object,
                    .name = state_->name(name),
                    .description = state_->schema->texts_.intern(description),
                    .input_fields = state_->add_input_values(fields),
                    .one_of = one_of});
}

// A built-in directive may be described anew; anything else can be defined once.
void SchemaBuilder::add_directive(std::string name, std::vector<DirectiveLocation> locations,
                                  std::vector<InputValueSpec> arguments, bool repeatable,
                                  std::string description) {
  Schema& schema = *state_->schema;
  DirectiveDefinition row{.name = state_->name(name),
                          .description = schema.texts_.intern(description),
                          .locations = std::move(locations),
                          .arguments = state_->add_input_values(arguments),
                          .repeatable = repeatable};
  const std::optional<DirectiveId> known = schema.find_directive(name);
  if (!known)
    schema.directives_.push_back(std::move(row));
  else if (schema.is_builtin(*known))
    schema.directives_[known->value] = std::move(row);
  else
    state_->report(fmt::format("There can be only one directive named \"@{}\".", name));
}

void SchemaBuilder::set_root(OperationKind kind, std::string type_name) {
  state_->roots[static_cast<std::size_t>(kind)] = std::move(type_name);
}

void SchemaBuilder::set_only_given_roots() { state_->default_roots_apply = false; }

std::expected<std::shared_ptr<const Schema>, Error> SchemaBuilder::build(bool lenient) {
  state_->link();
  if (state_->problem) return std::unexpected(schema_error(std::move(*state_->problem)));
  std::shared_ptr<const Schema> schema = std::move(state_->schema);
  if (lenient) return schema;
  if (auto problem = find_schema_problem(*schema)) return std::unexpected(schema_error(std::move(*problem)));
  return schema;
}

}  // namespace tenon::graphql
