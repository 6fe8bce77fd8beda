#include "api/schema/draft.h"

#include <cassert>
#include <utility>

namespace tenon::api {

namespace {

std::vector<graphql::InputValueSpec> specs(std::vector<DraftInput>& inputs,
                                           std::vector<InputBinding>& bindings) {
  std::vector<graphql::InputValueSpec> out;
  out.reserve(inputs.size());
  bindings.reserve(inputs.size());
  for (DraftInput& input : inputs) {
    out.push_back({.name = std::move(input.name),
                   .type = std::move(input.type),
                   .description = std::move(input.description),
                   .default_value = std::move(input.default_value)});
    bindings.push_back(input.binding);
  }
  return out;
}

}  // namespace

void SchemaDraft::add_object(const std::string& name, std::vector<DraftField> fields,
                             std::string description) {
  Object object{.name = name, .fields = {}, .arguments = {}};
  std::vector<graphql::FieldSpec> out;
  out.reserve(fields.size());
  for (DraftField& field : fields) {
    object.fields.push_back(field.binding);
    out.push_back({.name = std::move(field.name),
                   .type = std::move(field.type),
                   .arguments = specs(field.arguments, object.arguments.emplace_back()),
                   .description = std::move(field.description)});
  }
  builder_.add_object(name, std::move(out), std::move(description));
  objects_.push_back(std::move(object));
}

void SchemaDraft::add_input(const std::string& name, std::vector<DraftInput> fields, bool one_of) {
  Input input{.name = name, .fields = {}};
  builder_.add_input(name, specs(fields, input.fields), {}, one_of);
  inputs_.push_back(std::move(input));
}

std::expected<void, graphql::Error> SchemaDraft::finish(Schema& schema) {
  auto built = builder_.build();
  if (!built) return std::unexpected(std::move(built).error());
  const graphql::Schema& types = **built;
  schema.outputs.resize(types.field_count());
  schema.inputs.resize(types.input_value_count());
  const auto bind = [&schema](base::IdRange<graphql::InputValueId> ids,
                              const std::vector<InputBinding>& bindings) {
    assert(ids.size() == bindings.size());
    for (std::uint32_t i = 0; i < ids.count; ++i) schema.inputs[ids[i].value] = bindings[i];
  };
  for (const Object& object : objects_) {
    const auto fields = types[*types.find_type(object.name)].fields;
    assert(fields.size() == object.fields.size());
    for (std::uint32_t i = 0; i < fields.count; ++i) {
      schema.outputs[fields[i].value] = object.fields[i];
      bind(types[fields[i]].arguments, object.arguments[i]);
    }
  }
  for (const Input& input : inputs_) bind(types[*types.find_type(input.name)].input_fields, input.fields);
  schema.graphql = *std::move(built);
  return {};
}

}  // namespace tenon::api
