// Signed requests: whatever the header, the query and the date, nothing breaks, and no signature fits that
// was not made with the secret. Input: authorization, date, query and body, a line each.
#include <cstdint>
#include <cstdlib>
#include <string_view>

#include "identity/signed_request.h"

namespace {

using namespace tenon;

std::string_view take_line(std::string_view& rest) {
  const std::size_t end = rest.find('\n');
  const std::string_view line = rest.substr(0, end);
  rest = end == std::string_view::npos ? std::string_view() : rest.substr(end + 1);
  return line;
}

}  // namespace

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  std::string_view rest(reinterpret_cast<const char*>(data), size);
  const std::string_view authorization = take_line(rest);
  const std::string_view date = take_line(rest);
  const std::string_view query = take_line(rest);
  const net::Request request{
      .method = net::Method::post,
      .path = "/graphql",
      .query = query,
      .headers = {{"host", "h"}, {"x-amz-date", date}, {"content-type", "application/json"}},
      .body = rest};
  const auto header = identity::parse_signature(authorization);
  if (!header) return 0;
  const auto noon = identity::SystemClock::time_point(std::chrono::seconds(1'768'478'400));
  if (!identity::check_signed_request(*header, request, noon)) return 0;
  if (identity::signature_fits(*header, request, "nobody has this secret")) std::abort();
  return 0;
}
