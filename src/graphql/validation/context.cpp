#include "graphql/validation/context.h"

#include <algorithm>
#include <utility>

#include "base/limits.h"
#include "graphql/validation/suggestion.h"

namespace tenon::graphql::validation {

namespace {}  // namespace

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
         .place = last,
         .number = findings_.size()});
    return;
  }
  Finding finding{.error = {.message = std::move(message), .code = code}, .number = findings_.size()};
  for (const Offset place : places) finding.error.locations.push_back(document.position(place));
  if (!places.empty()) finding.place = places.front();
  findings_.push_back(std::move(finding));
}

Errors Context::take_errors() {
  std::ranges::sort(findings_, {},
                    [](const Finding& finding) { return std::pair(finding.place, finding.number); });
  Errors errors;
  errors.reserve(findings_.size());
  for (Finding& finding : findings_) errors.push_back(std::move(finding.error));
  return errors;
}

std::string Context::did_you_mean(std::string_view name, std::span<const std::string_view> options) {
  if (full_ || suggestions_made_ >= base::suggestions_max) return {};
  ++suggestions_made_;
  return validation::did_you_mean(similar_names(name, options));
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
