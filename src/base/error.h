// The error of a function that can fail for a reason its caller handles. Errors are values: they travel in
// Result<T>, never as exceptions across a layer. What a checker collects instead is a Diagnostic
// (diagnostic.h).
#pragma once

#include <expected>
#include <string>
#include <string_view>
#include <utility>

#include "base/codes.h"

namespace tenon::base {

// One failure, ready to be shown to the person who can do something about it.
struct Error {
  Code code;            // stable; listed in docs/errors.md
  std::string message;  // what happened, one sentence, no secrets
  std::string help;     // what to do about it; may be empty
  std::string place;    // file:line:column or field path; empty when there is none
};

template <class T>
using Result = std::expected<T, Error>;

// `return fail(code::no_server, "…", "…");` from any function that returns a Result.
[[nodiscard]] inline std::unexpected<Error> fail(Code code, std::string message, std::string help = {},
                                                 std::string place = {}) {
  return std::unexpected(
      Error{.code = code, .message = std::move(message), .help = std::move(help), .place = std::move(place)});
}

// "TN2001: message" with place and help on lines of their own; for logs and plain terminals.
std::string to_string(const Error& error);

}  // namespace tenon::base
