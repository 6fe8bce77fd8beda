// The first step of changes in two steps (expansion.h), and the second. Pure: from what a difference wants to
// what is put beside what is there, in SQL of both engines.
#pragma once

#include <string>
#include <vector>

#include "catalog/catalog.h"
#include "migrate/diff.h"
#include "migrate/expansion.h"

namespace tenon::migrate {

struct Expanded {
  std::vector<Expansion> expansions;
  // What stays one step, and why: "order.id is part of the primary key".
  std::vector<std::string> at_once;
  // New columns, triggers that keep them equal to the old ones, their values in batches, their indexes; also
  // values of columns that are new or become required by themselves. Empty when nothing of that is needed.
  std::string script;
  // What the script makes.
  catalog::Catalog real;
  // The same as if it were ended. What else the schema files want is the difference to this.
  catalog::Catalog made;
};

// `difference` is from a database (Difference::before) to what is wanted, and was made with `options`.
Expanded expand(const Difference& difference, const DiffOptions& options);

// The lines that say in a script which expansions it begins or ends.
std::string expand_lines(const std::vector<Expansion>& expansions);

// Ends expansions: `real` is what the migrations make, transitional things included. Empty when none is
// there.
std::string contract(const catalog::Catalog& real, const std::vector<Expansion>& expansions,
                     const std::string& default_schema);

// The way back of a script that began `expansions`: from the catalog that it made to the one before it.
std::string undo_expand(const catalog::Catalog& with, const catalog::Catalog& without,
                        const std::vector<Expansion>& expansions, const std::string& default_schema);

// Expansions about things that `difference` changes, which is from the settled form of `real`. These have two
// shapes, or are there and not seen; its script would change one of the two, or fail.
std::vector<Expansion> in_the_way(const Difference& difference, const catalog::Catalog& real,
                                  const std::vector<Expansion>& expansions);

}  // namespace tenon::migrate
