#include "lsp/framing.h"

#include <gtest/gtest.h>

#include "base/limits.h"

namespace tenon::lsp {
namespace {

TEST(Framing, PutsMessagesTogetherWhereverTheyAreCut) {
  const std::string bytes = frame("one") + "content-length:  3 \r\nContent-Type: x\r\n\r\ntwo" + frame("");
  for (std::size_t cut = 0; cut <= bytes.size(); ++cut) {
    FrameReader reader;
    std::string all;
    for (const std::string& part : {bytes.substr(0, cut), bytes.substr(cut)}) {
      reader.feed(part);
      while (const auto message = reader.next()) all += "<" + *message + ">";
    }
    EXPECT_EQ(all, "<one><two><>") << cut;
    EXPECT_FALSE(reader.is_broken());
  }
}
TEST(Framing, IsBrokenForGood) {
  for (const std::string& bytes :
       {std::string("Content-Length: x\r\n\r\n"), std::string("Length: 3\r\n\r\n"),
        std::string("Content-Length: -1\r\n\r\n"), std::string(base::lsp_header_bytes_max + 1, 'x'),
        "Content-Length: " + std::to_string(base::lsp_message_bytes_max + 1) + "\r\n\r\n",
        std::string("Content-Length: 99999999999999999999999\r\n\r\n")}) {
    FrameReader reader;
    reader.feed(bytes);
    EXPECT_EQ(reader.next(), std::nullopt);
    EXPECT_TRUE(reader.is_broken()) << bytes;
    reader.feed(frame("one"));
    EXPECT_EQ(reader.next(), std::nullopt);
  }
}

}  // namespace
}  // namespace tenon::lsp
