#include "psl/check/configuration.h"

#include <algorithm>

#include <fmt/format.h>

#include "psl/check/configuration_blocks.h"

namespace tenon::psl {

namespace {

using base::code::schema_invalid;

std::vector<const Block*> blocks_of(std::span<const Tree> trees, BlockKind kind) {
  std::vector<const Block*> blocks;
  for (const Tree& tree : trees)
    for (const Block& block : tree.blocks)
      if (block.kind == kind) blocks.push_back(&block);
  return blocks;
}

// Prisma looks at one file after the other, and so does not see that two files have a datasource each.
void refuse_several(const std::vector<const Block*>& blocks, const std::vector<const Block*>& usable,
                    PrismaCompat compat, base::Diagnostics& diagnostics) {
  for (const Block* block : blocks) {
    const auto count = std::ranges::count_if(usable, [&](const Block* other) {
      return compat == PrismaCompat::none || other->span.source == block->span.source;
    });
    if (count < 2) continue;
    diagnostics.error(schema_invalid,
                      fmt::format("Error validating datasource `{}`: You defined more than one datasource. "
                                  "This is not allowed yet because support for multiple databases has not "
                                  "been implemented yet.",
                                  block->name.text),
                      block->span);
  }
}

}  // namespace

Configuration read_configuration(const base::SourceSet& sources, std::span<const Tree> trees,
                                 PrismaCompat compat, base::Diagnostics& diagnostics) {
  Configuration configuration;
  const std::vector<const Block*> datasources = blocks_of(trees, BlockKind::datasource);
  if (compat == PrismaCompat::none && datasources.empty())
    diagnostics.error(schema_invalid, "Error validating: The schema has no datasource block.", {},
                      "Add one: datasource db { provider = \"postgresql\" }, each on a line of its own.");
  std::vector<const Block*> usable;
  for (const Block* block : datasources) {
    std::optional<Datasource> datasource = read_datasource(sources, *block, compat, diagnostics);
    if (!datasource) continue;
    usable.push_back(block);
    if (!configuration.datasource) configuration.datasource = std::move(datasource);
  }
  refuse_several(datasources, usable, compat, diagnostics);

  const Provider provider = configuration.connector().provider;
  for (const Block* block : blocks_of(trees, BlockKind::generator)) {
    std::optional<Generator> generator = read_generator(sources, *block, provider, compat, diagnostics);
    if (!generator) continue;
    configuration.preview_features.add(generator->preview_features);
    configuration.generators.push_back(std::move(*generator));
  }
  return configuration;
}

}  // namespace tenon::psl
