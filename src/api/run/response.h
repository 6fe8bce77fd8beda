// Rows → the bytes of the answer, in one pass: values are copied from the receive buffers, keys and type
// names are ready literals of the plan.
#pragma once

#include <string>
#include <string_view>
#include <vector>

#include "api/plan/plan.h"
#include "api/run/rows.h"
#include "graphql/error.h"

namespace tenon::api {

struct WrittenResponse {
  std::string body;
  std::vector<std::string_view> codes;  // extensions.code of each error, in order
};

// {"data": …} with "errors" after it where there are some. Nulls where none may be spread to the nearest
// field that may be null (section 6.4.4, "Handling Execution Errors"). A root field with which "data" would
// grow beyond `bytes_max` is given up: null, with an error.
WrittenResponse write_response(const Plan& plan, const PlanRows& rows, std::size_t bytes_max);

// {"errors": […]}: nothing was executed.
WrittenResponse write_request_errors(const graphql::Errors& errors);

}  // namespace tenon::api
