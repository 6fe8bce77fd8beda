// Files of an overlay, whatever they hold: they are read to their end, what is wrong lies in the text, and a
// model whose rules are wrong is closed.
#include <cstdlib>
#include <string>

#include "api/schema/schema.h"
#include "api/test_schema.h"

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  using namespace tenon;
  static const auto catalog = api::blog().finish();
  base::SourceSet sources;
  const base::SourceId file =
      sources.add("api/a.graphql", std::string(reinterpret_cast<const char*>(data), size));
  const base::SourceId statement = sources.add("api/a.sql", "select :id");
  base::Diagnostics diagnostics;
  api::NamedOverlay read =
      api::read_overlay(*catalog, sources, {.definitions = {file}, .statements = {statement}}, diagnostics);
  for (const base::Diagnostic& finding : diagnostics.all())
    if (finding.span && finding.span->begin > sources.text(finding.span->source).size()) std::abort();
  if (read.overlay.access.size() != read.catalog->tables.size() ||
      read.overlay.rules.size() != read.catalog->tables.size())
    std::abort();
  if (!diagnostics.has_errors()) api::build_schema(read.catalog, std::move(read.overlay), diagnostics);
  return 0;
}
