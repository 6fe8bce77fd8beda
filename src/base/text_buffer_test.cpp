#include "base/text_buffer.h"

#include <gtest/gtest.h>

#include "base/json_writer.h"

namespace tenon::base {
namespace {

TEST(TextBuffer, IsTheStringOfItsPieces) {
  // Around every size at which the copying changes.
  std::string expected;
  TextBuffer buffer(0);
  for (std::size_t size = 0; size < 100; ++size) {
    std::string piece;
    for (std::size_t i = 0; i < size; ++i) piece += static_cast<char>('a' + (size + i) % 26);
    buffer.append(piece);
    buffer.append(',');
    buffer.append_quoted(piece);
    buffer.append_json_string(piece);
    expected += piece + ",\"" + piece + "\"\"" + piece + "\"";
    EXPECT_EQ(buffer.size(), expected.size());
  }
  EXPECT_EQ(buffer.take(), expected);
}

TEST(TextBuffer, GoesBackToWhatItWas) {
  TextBuffer buffer(4);
  buffer.append("kept");
  buffer.append("and this is dropped again, however long it was");
  buffer.truncate(4);
  buffer.append("null");
  EXPECT_EQ(buffer.take(), "keptnull");
}

TEST(TextBuffer, EscapesWhereverTheCharacterIs) {
  for (const char c : {'"', '\\', '\n', '\x1f', '\0'})
    for (std::size_t size = 1; size < 70; ++size)
      for (std::size_t at = 0; at < size; ++at) {
        std::string text(size, '\x7f');
        text[at] = c;
        EXPECT_FALSE(is_plain_json(text)) << size << " " << at;
        TextBuffer buffer(8);
        buffer.append_json_string(text);
        EXPECT_EQ(buffer.take(), json_string(text));
      }
  for (std::size_t size = 0; size < 70; ++size) {
    EXPECT_TRUE(is_plain_json(std::string(size, ' ')));
    EXPECT_TRUE(is_plain_json(std::string(size, '\xff')));
    EXPECT_TRUE(is_plain_json(std::string(size, '\x80')));
  }
}

}  // namespace
}  // namespace tenon::base
