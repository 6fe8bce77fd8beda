// From a name to what it means and back: definition, references, rename, outline. Answers are JSON text.
#pragma once

#include <expected>
#include <string>
#include <string_view>

#include "lsp/message.h"
#include "lsp/workspace.h"

namespace tenon::lsp {

// A place in one file of a schema.
struct Place {
  const Analysis& analysis;
  base::SourceId source;
  std::uint32_t offset = 0;

  const Occurrence* occurrence() const { return analysis.symbols.at(source, offset); }
};

// Location | null
std::string definition(const Workspace& workspace, const Place& place);
// Location[]
std::string references(const Workspace& workspace, const Place& place, bool with_declaration);
// {range, placeholder} | null: what can be renamed is what a schema declares, but for datasources and
// generators.
std::string prepare_rename(const Place& place);
// WorkspaceEdit over all files. What the name is in the database stays: where it was that of the schema, @map
// or @@map is added. Fails for a name that is none, or is taken.
std::expected<std::string, RpcError> rename(const Workspace& workspace, const Place& place,
                                            std::string_view new_name);
// DocumentSymbol[]
std::string outline(const Analysis& analysis, base::SourceId source);

}  // namespace tenon::lsp
