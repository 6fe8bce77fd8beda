// Secrets in a file of the project, encrypted with AES-256-GCM: what `secret:NAME` refers to.
#pragma once

#include <map>
#include <string>
#include <string_view>
#include <vector>

#include "base/error.h"
#include "base/secret.h"

namespace tenon::identity {

// The key is derived from a text of 32 random bytes or more, in hexadecimal or any other form.
class SecretStore {
 public:
  // Letters, digits, `_`, `-` and `.`; at most 100.
  static bool is_name(std::string_view name);

  // The secrets of a file's text; of an empty text none. TN1007 when the text is no such file, or was
  // encrypted with another key, or was changed.
  static base::Result<SecretStore> open(std::string_view text, const base::Secret& key);
  // The file's text, different each time.
  std::string seal(const base::Secret& key) const;

  const base::Secret* find(std::string_view name) const;
  void set(std::string name, base::Secret value) {
    secrets_.insert_or_assign(std::move(name), std::move(value));
  }
  bool remove(std::string_view name);
  std::vector<std::string> names() const;

 private:
  std::map<std::string, base::Secret, std::less<>> secrets_;
};

}  // namespace tenon::identity
