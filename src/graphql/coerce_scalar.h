// The rules of the five built-in scalars (section 3.5, "Input Coercion"), for values written in a document
// and for values sent as JSON. They differ in little: JSON has one kind of number, and no enums.
#pragma once

#include <expected>
#include <string>
#include <string_view>

#include "graphql/input.h"
#include "graphql/schema.h"

namespace tenon::graphql {

enum class InputForm : std::uint8_t { literal, json };

// How a scalar value is written: `kind` is null to float_, string, enum_, list or object. Numbers are int_
// when they have digits alone.
struct WrittenValue {
  InputKind kind = InputKind::null;
  std::string_view text;
};

// Whether the text of a number is digits alone, with or without a sign.
bool is_integer_text(std::string_view number);

// Sets kind and text of `node`. The error is the scalar's part of the message without the value:
// "String cannot represent a non string value". `keep` owns texts that are not as written.
std::expected<void, std::string_view> coerce_scalar(BuiltinScalar scalar, InputForm form,
                                                    WrittenValue written, InputNode& node, InputTree& keep);

}  // namespace tenon::graphql
