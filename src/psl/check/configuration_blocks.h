// One datasource or generator block; for configuration.cpp.
#pragma once

#include <optional>

#include "psl/check/configuration.h"

namespace tenon::psl {

// nullopt after an error that leaves nothing to work with.
std::optional<Datasource> read_datasource(const base::SourceSet& sources, const Block& block,
                                          PrismaCompat compat, base::Diagnostics& diagnostics);
std::optional<Generator> read_generator(const base::SourceSet& sources, const Block& block, Provider provider,
                                        PrismaCompat compat, base::Diagnostics& diagnostics);

// Every property as it is written; and whether each has a value. The first that has none is an error.
bool keep_properties(const base::SourceSet& sources, const Block& block,
                     std::vector<std::pair<std::string, std::string>>& properties,
                     base::Diagnostics& diagnostics);

// The value of a property; nullptr when there is none. A key that is written twice has its last value.
const Property* find_property(const Block& block, std::string_view key);

// `"…"` or `env("NAME")`; anything else is an error and nullopt.
std::optional<UrlSource> string_or_environment(const Expression& value, base::Diagnostics& diagnostics);

}  // namespace tenon::psl
