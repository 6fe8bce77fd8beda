// The operations that a project has written down: *.graphql files, and manifests as clients' build tools make
// them, in the folder that [api] operations names. Clients may send an id instead of the text; with
// operations_only nothing else is answered.
//
// An id is the name of the operation, the SHA-256 of its text (as hexadecimal digits, perhaps after
// "sha256:"), or the manifest's own. A text is known when it says the same: layout, comments, the order of
// definitions and __typename do not count.
#pragma once

#include <cstdint>
#include <memory>
#include <string>
#include <string_view>
#include <unordered_map>
#include <unordered_set>
#include <vector>

#include "base/diagnostic.h"
#include "base/error.h"
#include "base/hash.h"
#include "base/limits.h"
#include "graphql/ast.h"
#include "graphql/schema.h"

namespace tenon::server {

class KnownOperations {
 public:
  // The text of an operation; nullptr when there is none of this id. Lives as long as this value.
  const std::string* find(std::string_view id) const;
  // Reads the text unless it is known to the letter.
  bool holds(std::string_view text, const base::DocumentLimits& limits) const;
  std::size_t size() const { return operations_.size(); }

  // Fragments may be used in all files. What cannot be read is an error with its place; so are two different
  // operations of one name or id.
  static KnownOperations read(const base::SourceSet& sources, const std::vector<base::SourceId>& files,
                              const base::DocumentLimits& limits, base::Diagnostics& diagnostics);
  // What the schema does not allow, as findings of this severity.
  void check(const graphql::Schema& schema, const base::DocumentLimits& limits, base::Severity severity,
             base::Diagnostics& diagnostics) const;

 private:
  struct Operation {
    std::string name;  // or the id, of a manifest's
    std::string file;  // where it stands
    std::string text;  // with the fragments it uses
  };
  friend class OperationsReader;

  std::vector<std::unique_ptr<const Operation>> operations_;
  std::unordered_map<std::string_view, const Operation*> by_name_;
  std::unordered_map<std::string, const Operation*> by_id_;
  std::unordered_set<base::Hash128, base::Hash128Hasher> texts_;
  std::unordered_set<base::Hash128, base::Hash128Hasher> meanings_;
};

// What two texts that ask for the same have in common; nullopt when it is no document.
std::optional<base::Hash128> meaning_of(std::string_view text, const base::DocumentLimits& limits);

}  // namespace tenon::server
