// A regular expression of the configuration (POSIX, extended) that a whole text has to match.
#pragma once

#include <memory>
#include <string>
#include <string_view>

#include "base/error.h"

namespace tenon::identity {

class Pattern {
 public:
  // TN1001 with the fault found in `text`.
  static base::Result<Pattern> compile(const std::string& text);

  // Texts above base::token_name_bytes_max match nothing. From any thread.
  bool matches(std::string_view text) const;

 private:
  struct Compiled;
  std::shared_ptr<const Compiled> compiled_;
};

}  // namespace tenon::identity
