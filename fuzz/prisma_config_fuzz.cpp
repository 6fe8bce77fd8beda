// Any bytes as prisma.config.ts: reading ends, in time and memory of the text's size, and every place it
// names is in the text.
#include <cstddef>
#include <cstdint>
#include <cstdlib>
#include <string>

#include "server/js_module.h"
#include "server/js_tokens.h"
#include "server/prisma_config.h"

namespace {

using namespace tenon;

void require(bool condition) {
  if (!condition) std::abort();
}

void check_spans(const server::JsValue& value, std::size_t size) {
  require(value.span.begin <= value.span.end && value.span.end <= size);
  for (const server::JsValue& item : value.items) check_spans(item, size);
  for (const server::JsMember& member : value.members) check_spans(member.value, size);
}

}  // namespace

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  base::SourceSet sources;
  const base::SourceId source =
      sources.add("prisma.config.ts", std::string(reinterpret_cast<const char*>(data), size));
  std::uint32_t at = 0;
  for (const server::JsToken& token : server::tokenize_js(sources.text(source))) {
    require(token.begin >= at && token.end() <= size);
    at = token.end();
  }
  check_spans(server::read_js_module(sources, source).exported, size);
  base::Diagnostics diagnostics;
  server::read_prisma_config(sources, source, diagnostics);
  base::render(diagnostics, sources, {});
  return 0;
}
