// What a checker finds. Checkers collect and go on, so that a person sees all problems at once; rendering
// shows the source line with the span underlined.
#pragma once

#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "base/codes.h"
#include "base/source.h"

namespace tenon::base {

enum class Severity : std::uint8_t { error, warning, note };

struct Diagnostic {
  Severity severity = Severity::error;
  Code code;
  std::string message;
  std::optional<Span> span;  // absent when the finding is about no file
  std::string help;          // what to do; may be empty
};

// Keeps the first limits.h diagnostics_kept_max errors and as many of the rest; those beyond are only
// counted.
class Diagnostics {
 public:
  void add(Diagnostic diagnostic);
  void error(Code code, std::string message, std::optional<Span> span = {}, std::string help = {});
  void warning(Code code, std::string message, std::optional<Span> span = {}, std::string help = {});

  bool has_errors() const { return errors_ > 0; }
  bool empty() const { return all_.empty(); }
  std::size_t error_count() const { return errors_; }
  const std::vector<Diagnostic>& all() const { return all_; }
  // Counts findings that another collection did not keep.
  void omit(std::size_t count) { omitted_ += count; }
  // How many were found but not kept.
  std::size_t omitted() const { return omitted_; }

 private:
  std::vector<Diagnostic> all_;
  std::size_t errors_ = 0;
  std::size_t others_ = 0;
  std::size_t omitted_ = 0;
};

struct RenderOptions {
  bool colour = false;
};

// error[TN4002]: message
//   --> api/blog.graphql:3:13
//    |
//  3 | extend type Pst @auth(…)
//    |             ^^^
//    = help: did you mean "Post"?
std::string render(const Diagnostic& diagnostic, const SourceSet& sources, const RenderOptions& options);
std::string render(const Diagnostics& diagnostics, const SourceSet& sources, const RenderOptions& options);

}  // namespace tenon::base
