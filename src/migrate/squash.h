// Several migrations as one. The one that replaces them names them in its first lines, so that a database
// that has them takes it as applied (`-- tenon: squashes 20260102_a`).
#pragma once

#include <string>
#include <string_view>
#include <vector>

#include "base/error.h"
#include "migrate/folder.h"
#include "migrate/state.h"
#include "migrate/target.h"

namespace tenon::migrate {

// The names in the first lines of a script; empty for any other migration.
std::vector<std::string> squashed_by(std::string_view script);

// The lines that say so.
std::string squash_lines(const std::vector<const Migration*>& migrations);

// The scripts as one, one behind the other, each under a line with its name.
std::string joined(const std::vector<const Migration*>& migrations);

// Pending migrations that stand for applied ones are recorded as applied, and the rows of those that they
// stand for as rolled back; both tools pass over such rows. Returns their names. TN6001 when the database
// has some of a squash and not all: then nothing is changed.
base::Result<std::vector<std::string>> take_over_squashed(Target& target, const Folder& folder,
                                                          const State& state);

}  // namespace tenon::migrate
