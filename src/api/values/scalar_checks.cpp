#include "api/values/scalar_checks.h"

#include <algorithm>
#include <array>
#include <charconv>

#include <boost/regex.hpp>
#include <fmt/format.h>

#include "base/json_writer.h"
#include "base/limits.h"
#include "graphql/json.h"

namespace tenon::api {

namespace {

using graphql::InputKind;
using graphql::InputNode;

constexpr std::size_t shown_bytes_max = 60;

std::string shown(std::string_view text) {
  std::size_t size = std::min(text.size(), shown_bytes_max);
  while (size > 0 && size < text.size() && (static_cast<unsigned char>(text[size]) & 0xC0U) == 0x80U) --size;
  return base::json_string(text.substr(0, size)) + (size < text.size() ? "…" : "");
}

// Boost's matcher gives up, by an exception, on what would take exponential time.
bool matches(std::string_view pattern, std::string_view text) {
  try {
    const boost::regex expression(pattern.begin(), pattern.end(), boost::regex::perl);
    return boost::regex_match(text.begin(), text.end(), expression);
  } catch (const std::exception&) {
    return false;
  }
}

std::size_t characters(std::string_view text) {
  return static_cast<std::size_t>(
      std::ranges::count_if(text, [](char c) { return (static_cast<unsigned char>(c) & 0xC0U) != 0x80U; }));
}

std::optional<double> number_of(std::string_view text) {
  double value = 0;
  const auto [end, problem] = std::from_chars(text.data(), text.data() + text.size(), value);
  if (problem != std::errc{} || end != text.data() + text.size()) return std::nullopt;
  return value;
}

std::optional<std::string> own_problem(const OverlayScalar& scalar, const InputNode& node) {
  const auto problem = [&](std::string why) {
    return fmt::format("{} is no {}: {}.", shown(node.text), scalar.name, why);
  };
  if (scalar.is_number()) {
    const auto value = number_of(node.text);
    if (!value) return problem("a number is expected");
    if (scalar.least && *value < *scalar.least)
      return problem(fmt::format("it is less than {}", *scalar.least));
    if (scalar.most && *value > *scalar.most) return problem(fmt::format("it is more than {}", *scalar.most));
    return std::nullopt;
  }
  if (node.kind != InputKind::string && node.kind != InputKind::int_) return problem("a text is expected");
  const std::size_t length = characters(node.text);
  if (scalar.length_min && length < *scalar.length_min)
    return problem(fmt::format("it has fewer than {} characters", *scalar.length_min));
  if (scalar.length_max && length > *scalar.length_max)
    return problem(fmt::format("it has more than {} characters", *scalar.length_max));
  if (scalar.pattern.empty()) return std::nullopt;
  if (node.text.size() > base::pattern_text_bytes_max)
    return problem(fmt::format("it is longer than {} bytes", base::pattern_text_bytes_max));
  if (!matches(scalar.pattern, node.text))
    return problem(fmt::format("it does not match {}", scalar.pattern));
  return std::nullopt;
}

// AppSync's scalars whose text the database does not check. The others are the database's own types.
struct Form {
  std::string_view scalar;
  std::string_view pattern;
  std::string_view expected;
};
constexpr auto forms = std::to_array<Form>({
    {"AWSEmail",
     R"([A-Za-z0-9.!#$%&'*+/=?^_`{|}~-]+@[A-Za-z0-9]([A-Za-z0-9-]{0,61}[A-Za-z0-9])?(\.[A-Za-z0-9]([A-Za-z0-9-]{0,61}[A-Za-z0-9])?)*)",
     "an e-mail address such as \"name@example.com\""},
    {"AWSURL", R"([A-Za-z][A-Za-z0-9+.-]*:[^\s]+)", "an absolute URL such as \"https://example.com/\""},
    {"AWSPhone", R"(\+?[0-9(]([0-9 ()-]*[0-9])?)", "a phone number such as \"+49 30 123456\""},
    {"AWSIPAddress",
     R"([0-9]{1,3}(\.[0-9]{1,3}){3}(/[0-9]{1,2})?|[0-9A-Fa-f:.]*:[0-9A-Fa-f:.]*(/[0-9]{1,3})?)",
     "an IP address such as \"192.0.2.1\" or \"2001:db8::1\""},
});

std::optional<std::string> leaf_problem(const Overlay& overlay, std::string_view scalar,
                                        const InputNode& node) {
  if (const OverlayScalar* own = overlay.find_scalar(scalar)) return own_problem(*own, node);
  if (scalar == "AWSJSON") {
    if (node.kind == InputKind::string && graphql::parse_json(node.text)) return std::nullopt;
    return fmt::format("Expected a JSON text inside a string, found {}.", shown(node.text));
  }
  const auto* form = std::ranges::find(forms, scalar, &Form::scalar);
  if (form == forms.end()) return std::nullopt;
  if (node.kind == InputKind::string && node.text.size() <= base::pattern_text_bytes_max &&
      matches(form->pattern, node.text))
    return std::nullopt;
  return fmt::format("Expected {}, found {}.", form->expected, shown(node.text));
}

}  // namespace

std::string pattern_problem(std::string_view pattern) {
  try {
    const boost::regex expression(pattern.begin(), pattern.end(), boost::regex::perl);
    return pattern.empty() ? "It is empty." : "";
  } catch (const boost::regex_error& error) {
    return error.what();
  }
}

std::optional<std::string> scalar_problem(const Overlay& overlay, std::string_view scalar,
                                          const graphql::InputTree& tree, const InputNode& node) {
  if (scalar.empty() || node.is_null()) return std::nullopt;
  if (node.kind != InputKind::list) return leaf_problem(overlay, scalar, node);
  for (const InputNode& item : tree.children(node))
    if (auto problem = scalar_problem(overlay, scalar, tree, item)) return problem;
  return std::nullopt;
}

}  // namespace tenon::api
