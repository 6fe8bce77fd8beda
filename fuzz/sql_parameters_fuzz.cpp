// Statements of an owner's: whatever they are, what is found in them are names, in order and apart, and
// putting other names in their places finds these.
#include <cstdlib>
#include <string>

#include "sql/named_parameters.h"

namespace {

using namespace tenon;

void scan(std::string_view text, catalog::Engine engine) {
  const auto found = sql::find_named_parameters(text, engine);
  if (!found) {
    if (found.error().offset > text.size()) std::abort();
    return;
  }
  std::size_t behind = 0;
  std::string renamed;
  for (const sql::NamedParameter& one : found->found) {
    if (one.begin < behind || one.end > found->end || text[one.begin] != ':') std::abort();
    if (text.substr(one.begin + 1, one.end - one.begin - 1) != one.name || one.name.empty()) std::abort();
    renamed.append(text, behind, one.begin - behind).append(":other_name");
    behind = one.end;
  }
  renamed.append(text, behind);
  const auto again = sql::find_named_parameters(renamed, engine);
  if (!again || again->found.size() != found->found.size()) std::abort();
  for (const sql::NamedParameter& one : again->found)
    if (one.name != "other_name") std::abort();
}

}  // namespace

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  const std::string_view text(reinterpret_cast<const char*>(data), size);
  scan(text, catalog::Engine::postgresql);
  scan(text, catalog::Engine::mysql);
  return 0;
}
