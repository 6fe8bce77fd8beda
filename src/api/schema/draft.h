// A GraphQL schema in the making whose fields and inputs each carry what they stand for. SchemaBuilder keeps
// definition order, so the bindings can be matched with the ids of the finished schema.
#pragma once

#include <set>
#include <string>
#include <vector>

#include "api/schema/schema.h"
#include "graphql/schema_builder.h"

namespace tenon::api {

struct DraftInput {
  std::string name;
  std::string type;
  InputBinding binding;
  std::string default_value = {};  // GraphQL text
  std::string description = {};
};

struct DraftField {
  std::string name;
  std::string type;
  OutputBinding binding;
  std::vector<DraftInput> arguments = {};
  std::string description = {};
};

class SchemaDraft {
 public:
  void add_object(const std::string& name, std::vector<DraftField> fields, std::string description = {});
  void add_input(const std::string& name, std::vector<DraftInput> fields, bool one_of = false);
  graphql::SchemaBuilder& builder() { return builder_; }

  // Notes that a scalar or enum type, or the filter input for a column, is referred to and must be defined;
  // returns the name.
  const std::string& use_leaf(std::string name) { return *leaves_.insert(std::move(name)).first; }
  const std::string& use_filter(std::string name) { return *filters_.insert(std::move(name)).first; }
  const std::set<std::string>& leaves() const { return leaves_; }
  const std::set<std::string>& filters() const { return filters_; }

  // Builds the GraphQL schema and fills `outputs` and `inputs` of `schema`.
  std::expected<void, graphql::Error> finish(Schema& schema);

 private:
  struct Object {
    std::string name;
    std::vector<OutputBinding> fields;
    std::vector<std::vector<InputBinding>> arguments;
  };
  struct Input {
    std::string name;
    std::vector<InputBinding> fields;
  };

  graphql::SchemaBuilder builder_;
  std::vector<Object> objects_;
  std::vector<Input> inputs_;
  std::set<std::string> leaves_;
  std::set<std::string> filters_;
};

}  // namespace tenon::api
