#include "migrate/hazard.h"

#include <array>

namespace tenon::migrate {

std::string_view to_string(HazardKind kind) {
  constexpr std::array<std::string_view, 5> words{"data loss", "rewrite", "lock", "may fail",
                                                  "breaks running code"};
  return words[static_cast<std::size_t>(kind)];
}

std::string_view to_string(Severity severity) {
  constexpr std::array<std::string_view, 3> words{"note", "warning", "danger"};
  return words[static_cast<std::size_t>(severity)];
}

std::string_view to_string(LockLevel level) {
  constexpr std::array<std::string_view, 5> words{"none", "SHARE UPDATE EXCLUSIVE", "SHARE",
                                                  "SHARE ROW EXCLUSIVE", "ACCESS EXCLUSIVE"};
  return words[static_cast<std::size_t>(level)];
}

}  // namespace tenon::migrate
