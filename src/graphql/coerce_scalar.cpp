#include "graphql/coerce_scalar.h"

#include <charconv>
#include <cmath>
#include <cstdint>
#include <limits>
#include <optional>
#include <system_error>

#include <fmt/format.h>

namespace tenon::graphql {

namespace {

// from_chars calls both out of range: what is too big and what is too small to tell from zero.
bool is_tiny(std::string_view out_of_range) {
  const std::size_t exponent = out_of_range.find_first_of("eE");
  if (exponent != std::string_view::npos) return out_of_range.substr(exponent + 1).starts_with('-');
  return out_of_range.find('.') != std::string_view::npos;
}

std::optional<double> finite_number(std::string_view text) {
  double value = 0;
  const auto [end, error] = std::from_chars(text.data(), text.data() + text.size(), value);
  if (error == std::errc::result_out_of_range && is_tiny(text)) return 0;
  if (error != std::errc() || end != text.data() + text.size() || !std::isfinite(value)) return std::nullopt;
  return value;
}

std::unexpected<std::string_view> refuse(std::string_view message) { return std::unexpected(message); }

// 1.0 and 1e3 are integers in JSON, where there is one kind of number only.
std::expected<void, std::string_view> coerce_int(InputForm form, WrittenValue written, InputNode& node,
                                                 InputTree& keep) {
  constexpr std::string_view not_integer = "Int cannot represent non-integer value";
  constexpr std::string_view too_big = "Int cannot represent non 32-bit signed integer value";
  const bool number =
      written.kind == InputKind::int_ || (written.kind == InputKind::float_ && form == InputForm::json);
  if (!number) return refuse(not_integer);
  node.kind = InputKind::int_;
  node.text = written.text;
  if (written.kind == InputKind::int_) {
    std::int32_t value = 0;
    const char* end = written.text.data() + written.text.size();
    return std::from_chars(written.text.data(), end, value).ec == std::errc()
               ? std::expected<void, std::string_view>()
               : refuse(too_big);
  }
  const std::optional<double> value = finite_number(written.text);
  if (!value || std::trunc(*value) != *value) return refuse(not_integer);
  using Int = std::numeric_limits<std::int32_t>;
  if (*value < Int::min() || *value > Int::max()) return refuse(too_big);
  node.text = keep.keep(fmt::format("{}", static_cast<std::int32_t>(*value)));
  return {};
}

std::expected<void, std::string_view> coerce_float(WrittenValue written, InputNode& node) {
  const bool number = written.kind == InputKind::int_ || written.kind == InputKind::float_;
  if (!number || !finite_number(written.text)) return refuse("Float cannot represent non numeric value");
  node.kind = InputKind::float_;
  node.text = written.text;
  return {};
}

std::expected<void, std::string_view> coerce_id(InputForm form, WrittenValue written, InputNode& node,
                                                InputTree& keep) {
  constexpr std::string_view refused = "ID cannot represent value";
  constexpr std::string_view refused_literal = "ID cannot represent a non-string and non-integer value";
  node.kind = InputKind::string;
  node.text = written.text;
  if (written.kind == InputKind::string || written.kind == InputKind::int_) return {};
  if (form == InputForm::literal) return refuse(refused_literal);
  const std::optional<double> value =
      written.kind == InputKind::float_ ? finite_number(written.text) : std::nullopt;
  constexpr double exact_max = 9007199254740992.0;  // 2^53
  if (!value || std::trunc(*value) != *value || std::abs(*value) > exact_max) return refuse(refused);
  node.text = keep.keep(fmt::format("{}", static_cast<std::int64_t>(*value)));
  return {};
}

std::expected<void, std::string_view> coerce_same(InputKind kind, WrittenValue written, InputNode& node,
                                                  std::string_view message) {
  if (written.kind != kind) return refuse(message);
  node.kind = kind;
  node.text = written.text;
  return {};
}

}  // namespace

bool is_integer_text(std::string_view number) {
  return number.find_first_of(".eE") == std::string_view::npos;
}

std::expected<void, std::string_view> coerce_scalar(BuiltinScalar scalar, InputForm form,
                                                    WrittenValue written, InputNode& node, InputTree& keep) {
  switch (scalar) {
    case BuiltinScalar::int_:
      return coerce_int(form, written, node, keep);
    case BuiltinScalar::float_:
      return coerce_float(written, node);
    case BuiltinScalar::string:
      return coerce_same(InputKind::string, written, node, "String cannot represent a non string value");
    case BuiltinScalar::boolean:
      return coerce_same(InputKind::boolean, written, node, "Boolean cannot represent a non boolean value");
    case BuiltinScalar::id:
      return coerce_id(form, written, node, keep);
  }
  return refuse("Value cannot be represented");
}

}  // namespace tenon::graphql
