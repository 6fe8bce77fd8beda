#include "graphql/validation/context.h"

#include <algorithm>
#include <utility>

#include "graphql/validation/suggestion.h"

namespace tenon::graphql::validation {

namespace {

// A name can be as long as the document.
std::string shortened(std::string message) {
  if (message.size() <= base::error_message_bytes_max) return message;
  std::size_t end = base::error_message_bytes_max;
  while ((static_cast<unsigned char>(message[end]) & 0xC0U) == 0x80U) --end;  // inside a character
  message.resize(end);
  return message += "...";
}

}  // namespace

Context::Context(const Schema& the_schema, const Document& the_document,
                 const base::DocumentLimits& the_limits)
    : schema(the_schema),
      document(the_document),
      limits(the_limits),
      annotations(annotate(the_schema, the_document)) {
  find_fragments_of_operations();
}

void Context::report(std::string message, std::initializer_list<Offset> places, std::string_view code) {
  report(std::move(message), std::span(places.begin(), places.size()), code);
}

void Context::report(std::string message, std::span<const Offset> places, std::string_view code) {
  if (full_) return;
  if (findings_.size() >= limits.errors_reported_max) {
    full_ = true;
    const Offset last = static_cast<Offset>(document.text->size());
    findings_.push_back(
        {.error = {.message = "Too many validation errors, error limit reached. Validation aborted.",
                   .code = code::validation_failed},
         .places = {last},
         .number = findings_.size()});
    return;
  }
  const auto shown = places.first(std::min(places.size(), base::error_places_max));
  findings_.push_back({.error = {.message = shortened(std::move(message)), .code = code},
                       .places = {shown.begin(), shown.end()},
                       .number = findings_.size()});
}

Errors Context::take_errors() {
  add_locations();
  std::ranges::sort(findings_, {}, [](const Finding& finding) {
    return std::pair(finding.places.empty() ? 0 : finding.places.front(), finding.number);
  });
  Errors errors;
  errors.reserve(findings_.size());
  for (Finding& finding : findings_) errors.push_back(std::move(finding.error));
  return errors;
}

// Positions are counted in one pass over the text, however many there are.
void Context::add_locations() {
  std::vector<Offset> offsets;
  for (const Finding& finding : findings_)
    offsets.insert(offsets.end(), finding.places.begin(), finding.places.end());
  std::ranges::sort(offsets);
  std::vector<base::LineColumn> positions;
  positions.reserve(offsets.size());
  Offset known_offset = 0;
  base::LineColumn known;
  for (const Offset offset : offsets) {
    known = base::line_column(*document.text, offset, known_offset, known);
    known_offset = offset;
    positions.push_back(known);
  }
  for (Finding& finding : findings_)
    for (const Offset place : finding.places)
      finding.error.locations.push_back(
          positions[static_cast<std::size_t>(std::ranges::lower_bound(offsets, place) - offsets.begin())]);
}

std::string Context::did_you_mean(std::string_view name, std::span<const std::string_view> options,
                                  std::string_view purpose) {
  if (full_ || suggestions_made_ >= base::suggestions_max) return {};
  ++suggestions_made_;
  return validation::did_you_mean(similar_names(name, options), purpose);
}

std::span<const std::uint32_t> Context::fragments_of(std::uint32_t operation) const {
  const Range range = reached_by_operation_[operation];
  return {reached_.data() + range.first, range.count};
}

void Context::find_fragments_of_operations() {
  std::vector<std::uint32_t> seen_by(document.fragments.size(), 0);
  std::uint32_t operation_number = 0;
  for (const Scope& operation : annotations.operations) {
    ++operation_number;
    const auto first = static_cast<std::uint32_t>(reached_.size());
    const auto add_targets = [&](Range spreads) {
      for (std::uint32_t i = spreads.first; i < spreads.first + spreads.count; ++i) {
        const std::optional<std::uint32_t> target = annotations.spread_targets[i];
        if (!target || seen_by[*target] == operation_number) continue;
        seen_by[*target] = operation_number;
        reached_.push_back(*target);
      }
    };
    add_targets(operation.spreads);
    for (std::size_t i = first; i < reached_.size(); ++i)
      add_targets(annotations.fragments[reached_[i]].spreads);
    reached_by_operation_.push_back({first, static_cast<std::uint32_t>(reached_.size()) - first});
  }
}

}  // namespace tenon::graphql::validation
