// Text that must never be printed: passwords, API keys, tokens.
#pragma once

#include <string>
#include <string_view>
#include <utility>

namespace tenon::base {

// Holds a secret. It has no operator<< and no formatter, so a log line that tries to print one does not
// compile; `reveal` is easy to find in a review. The memory is overwritten when the object goes.
class Secret {
 public:
  Secret() = default;
  explicit Secret(std::string text) : text_(std::move(text)) {}
  Secret(const Secret&) = default;
  Secret(Secret&&) noexcept = default;
  Secret& operator=(const Secret&) = default;
  Secret& operator=(Secret&&) noexcept = default;
  ~Secret();

  bool empty() const { return text_.empty(); }
  const std::string& reveal() const { return text_; }
  // Takes the same time wherever the texts differ.
  bool equals(std::string_view other) const;

 private:
  std::string text_;
};

// A connection URL or libpq key-value string with every password replaced by ***; safe to print and log.
std::string redact_url(std::string_view url);

}  // namespace tenon::base
