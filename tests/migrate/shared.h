// The pairs of the shared corpus of migrations, for tests that print a score and need nothing of it to pass.
#pragma once

#include <filesystem>
#include <map>
#include <optional>
#include <string>
#include <vector>

#include "catalog/catalog.h"
#include "migrate/diff.h"

namespace tenon::test {

// The folder `corpus/migrate/pairs`; it may not be there.
std::filesystem::path migration_pairs();

struct MigrationPair {
  std::string id;
  catalog::Catalog before;
  catalog::Catalog after;
  bool names_schemas = false;
  bool from_nothing = false;
  std::filesystem::path folder;

  std::string text(std::string_view file) const;
  bool is_mysql() const { return after.engine == catalog::Engine::mysql; }
};

// All of them in the order of their names, or the one that TENON_MIGRATE_CASE names. Aborts the test on a
// schema that cannot be read.
std::vector<MigrationPair> load_migration_pairs();

// Tables in the order of their names, as introspection gives them.
catalog::Catalog as_introspected(const catalog::Catalog& catalog);

// Lines `kind:id<TAB>reason` of tests/migrate/corpus_exceptions.txt.
std::map<std::string, std::string> migration_exceptions();

}  // namespace tenon::test
