// The outermost layer of the Language Server Protocol (3.17, "Base Protocol"): `Content-Length: N`, an empty
// line, N bytes. Bytes in, whole messages out, wherever the pieces are cut.
#pragma once

#include <cstddef>
#include <optional>
#include <string>
#include <string_view>

namespace tenon::lsp {

class FrameReader {
 public:
  void feed(std::string_view bytes) { buffer_ += bytes; }

  // The content of the next whole message.
  std::optional<std::string> next();

  // Whether what came is no frame, or one above base::lsp_message_bytes_max: nothing can be read behind it.
  bool is_broken() const { return broken_; }

 private:
  std::optional<std::size_t> read_header();

  std::string buffer_;
  std::optional<std::size_t> expected_;  // bytes of the message whose header has been read
  bool broken_ = false;
};

std::string frame(std::string_view content);

}  // namespace tenon::lsp
