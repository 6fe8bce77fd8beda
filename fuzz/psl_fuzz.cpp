// Any bytes as a schema file: tokens must put the text together again, the checker must end and point at
// places that exist, and what is written from a schema that was read must be read as the same.
#include <cstddef>
#include <cstdint>
#include <cstdlib>
#include <string>
#include <string_view>
#include <vector>

#include "psl/check/check.h"
#include "psl/expressible.h"
#include "psl/lexer.h"
#include "psl/names.h"
#include "psl/read.h"
#include "psl/write.h"

namespace {

using namespace tenon;

void require(bool condition) {
  if (!condition) std::abort();
}

void check_tokens(std::string_view text) {
  std::uint32_t at = 0;
  for (const psl::Token& token : psl::tokenize(text)) {
    require(token.begin == at && token.end >= at);
    at = token.end;
  }
  require(at == text.size());
}

void check(const std::string& text, psl::PrismaCompat compat) {
  base::SourceSet sources;
  const std::vector<base::SourceId> ids{sources.add("fuzz.prisma", text)};
  base::Diagnostics diagnostics;
  const psl::CheckedSchema schema = psl::check_schema(sources, ids, diagnostics, {.compat = compat});
  require(schema.complete != diagnostics.has_errors());
  require(schema.names_resolved || !schema.complete);
  for (const base::Diagnostic& found : diagnostics.all())
    require(!found.span || (found.span->begin <= found.span->end && found.span->end <= text.size()));
}

std::optional<psl::Schema> read(std::string text) {
  base::SourceSet sources;
  const std::vector<base::SourceId> ids{sources.add("fuzz.prisma", std::move(text))};
  base::Diagnostics diagnostics;
  std::optional<psl::Schema> schema = psl::read_schema(sources, ids, diagnostics);
  base::render(diagnostics, sources, {});
  return schema;
}

}  // namespace

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  const std::string text(reinterpret_cast<const char*>(data), size);
  check_tokens(text);
  check(text, psl::PrismaCompat::v6);
  check(text, psl::PrismaCompat::v7);
  std::optional<psl::Schema> schema = read(text);
  if (!schema) return 0;
  base::Diagnostics diagnostics;
  const psl::WriteOptions options{.datasource = schema->datasource, .generators = schema->generators};
  const std::optional<psl::Schema> again = read(psl::write_schema(schema->catalog, options, diagnostics));
  require(again && psl::expressible(again->catalog) == psl::expressible(schema->catalog));
  psl::assign_names(schema->catalog);
  psl::write_schema(schema->catalog, options, diagnostics);
  return 0;
}
