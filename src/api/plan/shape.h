// Which plan fits a request: everything about its variables that decides a statement's text, as a short key.
// Which variables are given, which are null, which members their objects have, how many objects their lists
// hold, and the values of those few (limits, orders, @skip, @include) that are written into statements. All
// other values are bound and leave the plan as it is.
#pragma once

#include <cstdint>
#include <string>
#include <vector>

#include "api/schema/schema.h"
#include "graphql/operation.h"

namespace tenon::api {

class Shape {
 public:
  // Looks once at where an operation uses its variables.
  Shape(const Schema& schema, const graphql::Document& document, std::uint32_t operation);

  // Equal keys: the same plan.
  std::string key(const Schema& schema, const graphql::VariableValues& variables) const;

 private:
  struct Use {
    bool value = false;  // its value is part of the shape, wherever it is
    bool token = false;  // it is a page token: which of its values are null is
  };
  friend class ShapeAnalysis;
  std::vector<Use> variables_;
};

}  // namespace tenon::api
