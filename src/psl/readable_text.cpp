#include "psl/readable_text.h"

#include <fmt/format.h>

#include "base/limits.h"
#include "base/utf8.h"

namespace tenon::psl {

using base::code::schema_invalid;

bool can_be_schema(const base::SourceSet& sources, base::SourceId source, base::Diagnostics& diagnostics) {
  constexpr base::SchemaLimits limits;
  const std::string_view text = sources.text(source);
  if (text.size() > limits.bytes_max) {
    diagnostics.error(schema_invalid,
                      fmt::format("{} is larger than the {} bytes that a schema file may have.",
                                  sources.path(source), limits.bytes_max));
    return false;
  }
  if (const auto at = base::find_invalid_utf8(text)) {
    const auto begin = static_cast<std::uint32_t>(*at);
    diagnostics.error(
        schema_invalid,
        fmt::format("The file is not UTF-8 text: no character begins with the byte 0x{:02x} here.",
                    static_cast<unsigned char>(text[begin])),
        base::Span{source, begin, begin + 1}, "Save the file as UTF-8.");
    return false;
  }
  return true;
}

}  // namespace tenon::psl
