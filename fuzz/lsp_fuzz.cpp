// Any bytes from an editor: once as they are, where frames are cut anywhere, and once each line as a message
// of a session that has begun. What the server answers must be whole frames of JSON.
#include <cstddef>
#include <cstdint>
#include <cstdlib>
#include <string>
#include <string_view>

#include <boost/json/parse.hpp>

#include "lsp/server.h"

namespace {

using namespace tenon;

lsp::Server make_server() {
  return {
      {.schema_files = [](const std::string&) { return std::vector<std::string>{"/a.prisma", "/b.prisma"}; },
       .read = [](const std::string&) { return std::string("enum E {\n  A\n}\n"); }},
      "fuzz"};
}

void require_messages(const std::string& bytes) {
  lsp::FrameReader frames;
  frames.feed(bytes);
  while (const auto content = frames.next()) boost::json::parse(*content);
  if (frames.is_broken()) std::abort();
}

void feed_bytes(std::string_view bytes) {
  lsp::Server server = make_server();
  while (!bytes.empty() && !server.is_over()) {
    const std::size_t size = std::min<std::size_t>(bytes.size(), 7);
    require_messages(server.feed(bytes.substr(0, size)));
    bytes.remove_prefix(size);
  }
}

void feed_messages(std::string_view text) {
  lsp::Server server = make_server();
  require_messages(server.feed(lsp::frame(lsp::request("1", "initialize", R"({"capabilities":{}})"))));
  while (!text.empty() && !server.is_over()) {
    const std::string_view line = text.substr(0, text.find('\n'));
    require_messages(server.feed(lsp::frame(line)));
    text.remove_prefix(std::min(line.size() + 1, text.size()));
  }
}

}  // namespace

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  const std::string_view bytes(reinterpret_cast<const char*>(data), size);
  feed_bytes(bytes);
  feed_messages(bytes);
  return 0;
}
