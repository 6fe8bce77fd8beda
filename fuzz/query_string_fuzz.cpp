// Query strings and header values parsed by hand: media types, weights, entity tags, gzip.
#include <cstddef>
#include <cstdint>
#include <cstdlib>
#include <string_view>

#include "net/asset.h"
#include "net/gzip.h"
#include "net/media_type.h"
#include "net/url_decoding.h"

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  const std::string_view text(reinterpret_cast<const char*>(data), size);
  if (const auto pairs = tenon::net::decode_query(text)) {
    std::size_t total = 0;
    for (const auto& pair : *pairs) total += pair.name.size() + pair.value.size();
    if (total > size) std::abort();
  }
  const int quality = tenon::net::accept_quality(text, "application/json");
  if (quality < 0 || quality > 1000) std::abort();
  tenon::net::accept_names(text, "text/event-stream");
  tenon::net::parse_content_type(text);
  tenon::net::accepts_gzip(text);
  tenon::net::none_match_names(text, "\"x\"");
  if (const auto unpacked = tenon::net::gunzip(text, 10'000); unpacked && unpacked->size() > 10'000)
    std::abort();
  return 0;
}
