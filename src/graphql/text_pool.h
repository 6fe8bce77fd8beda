// Owns texts of a schema, each once: names such as "eq" or "Int" occur in hundreds of its types. Views stay
// valid while the pool lives, also when it is moved.
#pragma once

#include <cstddef>
#include <memory>
#include <string_view>
#include <unordered_set>
#include <vector>

namespace tenon::graphql {

class TextPool {
 public:
  std::string_view intern(std::string_view text);
  // The same without looking for an equal text; for long ones that hardly repeat.
  std::string_view add(std::string_view text);
  // Ends interning and frees what only that needs.
  void seal() { std::unordered_set<std::string_view>().swap(known_); }

 private:
  static constexpr std::size_t chunk_bytes = 16'384;

  std::vector<std::unique_ptr<char[]>> chunks_;
  std::size_t free_ = 0;  // bytes left at the end of the last ordinary chunk
  char* next_ = nullptr;
  std::unordered_set<std::string_view> known_;
};

}  // namespace tenon::graphql
