// What every rule gets: the document with its annotations, and where findings go.
#pragma once

#include <cstdint>
#include <initializer_list>
#include <span>
#include <string>
#include <string_view>
#include <vector>

#include "base/limits.h"
#include "graphql/ast.h"
#include "graphql/error.h"
#include "graphql/schema.h"
#include "graphql/validation/annotations.h"

namespace tenon::graphql::validation {

class Context {
 public:
  Context(const Schema& schema, const Document& document, const base::DocumentLimits& limits);

  const Schema& schema;
  const Document& document;
  const base::DocumentLimits& limits;
  const Annotations annotations;

  // Adds an error at these places. Ignored once the limit on errors is reached; a message or a list of places
  // that would make the answer far longer than the document is cut.
  void report(std::string message, std::initializer_list<Offset> places,
              std::string_view code = code::validation_failed);
  void report(std::string message, std::span<const Offset> places,
              std::string_view code = code::validation_failed);
  // No further error is taken, so a rule may stop.
  bool is_full() const { return full_; }
  bool has_errors() const { return !findings_.empty(); }
  // In the order of their first places.
  Errors take_errors();

  // ` Did you mean "a", "b", or "c"?` from those of `options` that `name` may be a slip of; empty when there
  // is none; `purpose` stands before them, see suggestion.h. Looks at the options only for the first few
  // errors of a document.
  std::string did_you_mean(std::string_view name, std::span<const std::string_view> options,
                           std::string_view purpose = {});

  // Rows of Document::fragments that an operation reaches through spreads, each once.
  std::span<const std::uint32_t> fragments_of(std::uint32_t operation) const;

 private:
  struct Finding {
    Error error;  // its locations follow from `places`
    std::vector<Offset> places;
    std::size_t number = 0;  // in the order found
  };
  void find_fragments_of_operations();
  void add_locations();

  std::vector<Finding> findings_;
  bool full_ = false;
  std::uint32_t suggestions_made_ = 0;
  std::vector<std::uint32_t> reached_;
  std::vector<Range> reached_by_operation_;  // of reached_
};

// Calls visit(row) for the fields at the top of `selections`, in the order in which they are met, through
// inline fragments and through each fragment once; enter(row) says whether to look into the fragment that
// this spread or inline fragment stands for. Stops when visit answers false.
template <class Visit, class Enter>
void for_each_top_field(const Context& context, Range selections, Visit visit, Enter enter) {
  struct Rows {
    std::uint32_t next;
    std::uint32_t end;
  };
  std::vector<Rows> open{{selections.first, selections.first + selections.count}};
  std::vector<bool> seen(context.document.fragments.size());
  const auto push = [&](Range range) { open.push_back({range.first, range.first + range.count}); };
  while (!open.empty()) {
    if (open.back().next == open.back().end) {
      open.pop_back();
      continue;
    }
    const std::uint32_t row = open.back().next++;
    const Selection& selection = context.document.selections[row];
    if (selection.kind == SelectionKind::field) {
      if (!visit(row)) return;
    } else if (selection.kind == SelectionKind::inline_fragment) {
      if (enter(row)) push(selection.selections);
    } else {
      const auto found = context.annotations.fragment_by_name.find(selection.name.text);
      if (found == context.annotations.fragment_by_name.end() || seen[found->second] || !enter(row)) continue;
      seen[found->second] = true;
      push(context.document.fragments[found->second].selections);
    }
  }
}

}  // namespace tenon::graphql::validation
