#include "identity/pattern.h"

#include <array>

#include <fmt/format.h>
#include <regex.h>

#include "base/codes.h"
#include "base/limits.h"

namespace tenon::identity {

struct Pattern::Compiled {
  Compiled() = default;
  ~Compiled() {
    if (usable) regfree(&expression);
  }
  Compiled(const Compiled&) = delete;
  Compiled& operator=(const Compiled&) = delete;

  regex_t expression{};
  bool usable = false;
};

base::Result<Pattern> Pattern::compile(const std::string& text) {
  const auto compiled = std::make_shared<Compiled>();
  const std::string whole = "^(" + text + ")$";
  if (const int fault = regcomp(&compiled->expression, whole.c_str(), REG_EXTENDED | REG_NOSUB); fault != 0) {
    std::array<char, 128> why{};
    regerror(fault, &compiled->expression, why.data(), why.size());
    return base::fail(
        base::code::config_invalid,
        fmt::format("The regular expression {} cannot be read: {}.", text, why.data()),
        "it is a POSIX extended one, such as \"web-app|mobile-.*\", and has to match the whole text");
  }
  compiled->usable = true;
  Pattern pattern;
  pattern.compiled_ = compiled;
  return pattern;
}

bool Pattern::matches(std::string_view text) const {
  if (text.size() > base::token_name_bytes_max || text.find('\0') != std::string_view::npos) return false;
  return regexec(&compiled_->expression, std::string(text).c_str(), 0, nullptr, 0) == 0;
}

}  // namespace tenon::identity
