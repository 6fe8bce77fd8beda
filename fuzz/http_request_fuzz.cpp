// HTTP requests: what is read may not depend on where the bytes are cut.
#include <cstddef>
#include <cstdint>
#include <cstdlib>
#include <string>
#include <string_view>

#include "net/request_parser.h"

namespace {

using tenon::net::RequestParser;

// All requests in `bytes`, as text, fed in pieces of `step` as a connection does.
std::string parse(std::string_view bytes, std::size_t step) {
  const tenon::base::HttpLimits limits{.header_bytes_max = 512, .body_bytes_max = 1024};
  RequestParser parser(limits);
  std::string out;
  std::string pending;
  for (std::size_t at = 0; at < bytes.size(); at += step) {
    pending.append(bytes.substr(at, step));
    for (std::size_t taken = 1; taken > 0 && !pending.empty();) {
      taken = parser.feed(pending);
      pending.erase(0, taken);
      // How soon a broken request is noticed may differ; that none is served after it may not.
      if (parser.state() == RequestParser::State::failed) return out;
      if (parser.state() != RequestParser::State::complete) continue;
      const auto& request = parser.request();
      out.append(request.target).append("|").append(request.path).append("|").append(request.body);
      for (const auto& header : request.headers) out.append(header.name).append("=").append(header.value);
      if (request.body.size() > limits.body_bytes_max) std::abort();
      parser.reset();
    }
  }
  return out;
}

}  // namespace

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  const std::string_view bytes(reinterpret_cast<const char*>(data), size);
  const std::string whole = parse(bytes, bytes.size() + 1);
  if (parse(bytes, 1) != whole || parse(bytes, 7) != whole) std::abort();
  return 0;
}
