// Lines of a script that speak to Tenon: comments `-- tenon: verb …`, which every other program passes over.
//
//   no-transaction              above the first statement (plan.h)
//   commit                      above a statement (plan.h)
//   batch 5000                  above an UPDATE or DELETE (batch.h)
//   approve drop-column, …      above a statement (lint.h)
//   approve-file drop-column    anywhere
#pragma once

#include <cstddef>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

namespace tenon::migrate {

struct Line {
  std::size_t begin = 0;  // byte of the script
  std::string_view text;  // without its end
};

// The lines of bytes [begin, end) of `script`.
std::vector<Line> lines_of(std::string_view script, std::size_t begin, std::size_t end);

struct Directive {
  std::string_view verb;  // approve
  std::string_view rest;  // what stands behind it
};
std::optional<Directive> directive_in(std::string_view line);

struct Approval {
  bool for_file = false;
  std::string_view codes;  // between commas
};
std::optional<Approval> approval_in(std::string_view line);

// `script` without the lines that are approvals.
std::string without_approvals(std::string_view script);

}  // namespace tenon::migrate
