#include "base/text_buffer.h"

#include <algorithm>

#include "base/json_writer.h"

namespace tenon::base {

void TextBuffer::grow(std::size_t bytes) {
  const std::size_t used = size();
  const std::size_t wanted = std::max(used + bytes, 2 * text_.size());
  text_.resize_and_overwrite(wanted, [](char*, std::size_t room) { return room; });
  at_ = text_.data() + used;
  end_ = text_.data() + text_.size();
}

void TextBuffer::append_json_string(std::string_view text) {
  if (is_plain_json(text)) return append_quoted(text);
  std::string escaped;
  base::append_json_string(escaped, text);
  append(escaped);
}

}  // namespace tenon::base
