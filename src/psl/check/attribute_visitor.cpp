#include "psl/check/attribute_visitor.h"

#include <algorithm>
#include <charconv>
#include <utility>

#include <fmt/format.h>
#include <fmt/ranges.h>

#include "psl/check/advice.h"
#include "psl/check/values.h"

namespace tenon::psl {

namespace {

bool is_native(const Attribute& attribute) { return attribute.name.text.find('.') != std::string_view::npos; }

}  // namespace

AttributeVisitor::AttributeVisitor(const std::vector<Attribute>& attributes, base::Diagnostics& diagnostics)
    : attributes_(attributes), diagnostics_(diagnostics), visited_(attributes.size(), false) {}

void AttributeVisitor::report(std::string message, const base::Span& span, std::string help) {
  diagnostics_.error(base::code::schema_invalid, std::move(message), span, std::move(help));
}

void AttributeVisitor::error(std::string_view message, std::string help) {
  report(fmt::format("Error parsing attribute \"@{}\": {}", current_->name.text, message), current_->span,
         std::move(help));
}

void AttributeVisitor::error(std::string_view message, const base::Span& span) {
  report(fmt::format("Error parsing attribute \"@{}\": {}", current_->name.text, message), span);
}

bool AttributeVisitor::has(std::string_view name) const {
  return std::ranges::any_of(attributes_, [&](const Attribute& each) { return each.name.text == name; });
}

bool AttributeVisitor::visit(std::string_view name) {
  known_.push_back(name);
  std::optional<std::size_t> first;
  bool repeated = false;
  for (std::size_t i = 0; i < attributes_.size(); ++i) {
    if (attributes_[i].name.text != name) continue;
    repeated = first.has_value();
    if (repeated) break;
    first = i;
  }
  if (!first) return false;
  if (!repeated) return enter(*first);
  for (std::size_t i = 0; i < attributes_.size(); ++i) {
    if (attributes_[i].name.text != name) continue;
    visited_[i] = true;
    report(fmt::format("Attribute \"@{}\" can only be defined once.", name), attributes_[i].span);
  }
  return false;
}

bool AttributeVisitor::visit_next(std::string_view name) {
  if (next_name_ != name) {
    next_ = 0;
    known_.push_back(name);
  }
  next_name_ = name;
  while (next_ < attributes_.size()) {
    const std::size_t index = next_++;
    if (visited_[index] || attributes_[index].name.text != name) continue;
    if (enter(index)) return true;
  }
  return false;
}

const Attribute* AttributeVisitor::take_native_type() {
  const Attribute* found = nullptr;
  for (std::size_t i = 0; i < attributes_.size(); ++i) {
    const Attribute& attribute = attributes_[i];
    if (!is_native(attribute)) continue;
    visited_[i] = true;
    if (found != nullptr)
      report(fmt::format("Attribute \"@{}\" can only be defined once.",
                         attribute.name.text.substr(0, attribute.name.text.find('.'))),
             attribute.span);
    else
      found = &attribute;
  }
  return found;
}

void AttributeVisitor::finish() {
  for (std::size_t i = 0; i < attributes_.size(); ++i)
    if (!visited_[i])
      report(fmt::format("Attribute not known: \"@{}\".", attributes_[i].name.text), attributes_[i].span,
             similar_name_advice(attributes_[i].name.text, known_, diagnostics_));
}

bool AttributeVisitor::enter(std::size_t index) {
  visited_[index] = true;
  current_ = &attributes_[index];
  arguments_.clear();
  known_arguments_.clear();
  places_.clear();
  if (!report_incomplete(current_->arguments, current_->trailing_comma)) return false;
  check_arguments();
  return true;
}

void AttributeVisitor::check_arguments() {
  std::vector<std::string> unnamed;
  for (const Argument& argument : current_->arguments) {
    const auto [same, is_new] =
        places_.try_emplace(argument.name ? argument.name->text : std::string_view(), arguments_.size());
    if (is_new) {
      arguments_.push_back(&argument);
      continue;
    }
    const Argument*& earlier = arguments_[same->second];
    if (argument.name) {
      report(fmt::format("Argument \"{}\" is already specified.", argument.name->text), argument.span);
    } else {
      if (unnamed.empty()) unnamed.push_back(to_text(*earlier->value));
      unnamed.push_back(to_text(*argument.value));
    }
    earlier = &argument;
  }
  if (!unnamed.empty())
    error(
        fmt::format("You provided multiple unnamed arguments. This is not possible. Did you forget the "
                    "brackets? Did you mean `[{}]`?",
                    fmt::join(unnamed, ", ")));
}

// Arguments without a value and commas at the end, those of a function that is an argument too. False when a
// value is missing.
bool AttributeVisitor::report_incomplete(const std::vector<Argument>& arguments,
                                         const std::optional<base::Span>& comma) {
  bool complete = true;
  for (const Argument& argument : arguments) {
    if (argument.name && !argument.value) {
      complete = false;
      error(fmt::format("The `{}` argument is missing a value.", argument.name->text), argument.name->span);
    }
    if (&arguments == &current_->arguments && argument.value &&
        argument.value->kind == Expression::Kind::function)
      complete = report_incomplete(argument.value->arguments, argument.value->trailing_comma) && complete;
  }
  if (comma) error("Trailing commas are not valid in attribute arguments, please remove the comma.", *comma);
  return complete;
}

const Argument* AttributeVisitor::take(std::string_view name) {
  if (!name.empty()) known_arguments_.push_back(name);
  const auto found = places_.find(name);
  return found != places_.end() ? std::exchange(arguments_[found->second], nullptr) : nullptr;
}

const Expression* AttributeVisitor::argument(std::string_view name) {
  const Argument* found = take(name);
  return found != nullptr ? &*found->value : nullptr;
}

const Expression* AttributeVisitor::default_argument(std::string_view name) {
  const Argument* named = take(name);
  const Argument* unnamed = take({});
  if (named != nullptr && unnamed != nullptr) {
    report(fmt::format("Argument \"{}\" is already specified as unnamed argument.", name), named->span);
    return nullptr;
  }
  const Argument* found = named != nullptr ? named : unnamed;
  return found != nullptr ? &*found->value : nullptr;
}

const Expression* AttributeVisitor::required_argument(std::string_view name) {
  if (!places_.contains(name) && !places_.contains({}))
    report(fmt::format("Argument \"{}\" is missing.", name), current_->span);
  return default_argument(name);
}

std::optional<std::string> AttributeVisitor::string(std::string_view name) {
  const Expression* value = argument(name);
  const std::string* text = value != nullptr ? expect_string(*value, diagnostics_) : nullptr;
  return text != nullptr ? std::optional(*text) : std::nullopt;
}

std::optional<std::string> AttributeVisitor::nonempty_string(std::string_view name) {
  std::optional<std::string> text = string(name);
  if (text && text->empty()) {
    error(fmt::format("The `{}` argument cannot be an empty string.", name));
    text.reset();
  }
  return text;
}

std::optional<std::string> AttributeVisitor::constant(std::string_view name) {
  const Expression* value = argument(name);
  return value != nullptr ? expect_constant(*value, diagnostics_) : std::nullopt;
}

std::optional<bool> AttributeVisitor::boolean(std::string_view name) {
  const Expression* value = argument(name);
  if (value == nullptr) return std::nullopt;
  if (value->kind == Expression::Kind::constant && (value->text == "true" || value->text == "false"))
    return value->text == "true";
  report_mismatch("boolean", *value, diagnostics_);
  return std::nullopt;
}

std::optional<std::uint32_t> AttributeVisitor::integer(std::string_view name) {
  const Expression* value = argument(name);
  return value != nullptr ? expect_integer(*value, diagnostics_) : std::nullopt;
}

void AttributeVisitor::finish_arguments() {
  for (const Argument* argument : arguments_)
    if (argument != nullptr)
      report("No such argument.", argument->span,
             known_arguments_.empty()
                 ? fmt::format("@{} takes no arguments", current_->name.text)
                 : fmt::format("@{} takes {}", current_->name.text, fmt::join(known_arguments_, ", ")));
  arguments_.clear();
}

std::optional<std::uint32_t> expect_integer(const Expression& value, base::Diagnostics& diagnostics) {
  const std::string& text = value.text;
  if (value.kind != Expression::Kind::number || text.find('.') != std::string::npos) {
    report_mismatch("numeric", value, diagnostics);
    return std::nullopt;
  }
  std::uint32_t number = 0;
  const auto [end, status] = std::from_chars(text.data(), text.data() + text.size(), number);
  if (status != std::errc() || end != text.data() + text.size()) return std::nullopt;
  return number;
}

std::optional<std::string> expect_constant(const Expression& value, base::Diagnostics& diagnostics) {
  if (value.kind == Expression::Kind::constant) return value.text;
  report_mismatch("constant", value, diagnostics);
  return std::nullopt;
}

}  // namespace tenon::psl
