// A text of the configuration that may stand for another one kept elsewhere.
#pragma once

#include <string>
#include <string_view>

namespace tenon::server {

// `env:NAME`, `file:path` (relative to the project's folder), `secret:NAME`, or the text itself. project.h
// resolves it, when it is needed and not before.
struct Reference {
  std::string text;
  std::string place;  // file:line:column, or the flag it was given by
  friend bool operator==(const Reference& a, const Reference& b) { return a.text == b.text; }
};

// Whether the text says where it is kept, so that it may be shown.
inline bool is_kept_elsewhere(std::string_view text) {
  return text.starts_with("env:") || text.starts_with("file:") || text.starts_with("secret:");
}

}  // namespace tenon::server
