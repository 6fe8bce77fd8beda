#include "net/http_message.h"

#include <gtest/gtest.h>

#include "net/gzip.h"
#include "net/media_type.h"
#include "net/url_decoding.h"

namespace tenon::net {
namespace {

TEST(HttpMessage, WritesAHead) {
  Response response{.status = 405, .content_type = "text/plain"};
  response.add_header("allow", "GET, POST");
  std::string out;
  append_head(out, response, {.date = "D", .request_id = "r1", .content_length = 12, .close = true});
  EXPECT_EQ(out,
            "HTTP/1.1 405 Method Not Allowed\r\ndate: D\r\ncontent-type: text/plain\r\ncontent-length: 12\r\n"
            "x-request-id: r1\r\nconnection: close\r\nallow: GET, POST\r\n\r\n");
}

TEST(HttpMessage, LetsNoValueBeginAHeader) {
  Response response;
  response.add_header("x", "a\r\nset-cookie: b\x7f");
  EXPECT_EQ(response.header_lines, "x: aset-cookie: b\r\n");
}

TEST(UrlDecoding, DecodesPairs) {
  const auto pairs = decode_query("query=%7B+a%20%7D&&empty=&bare&%C3%A9=%E2%82%ac");
  ASSERT_TRUE(pairs);
  const std::vector<QueryParameter> expected{
      {"query", "{ a }"}, {"empty", ""}, {"bare", ""}, {"\u00e9", "\u20ac"}};
  EXPECT_EQ(*pairs, expected);
}

TEST(UrlDecoding, RefusesBrokenEscapesAndTooManyPairs) {
  for (const char* broken : {"%", "%4", "a=%zz", "a=%4g", "%=1"})
    EXPECT_FALSE(decode_query(broken)) << broken;
  EXPECT_FALSE(decode_query("a&b&c", 2));
  EXPECT_TRUE(decode_query("a&b", 2));
}

TEST(MediaType, ReadsContentTypes) {
  EXPECT_EQ(parse_content_type("application/json").essence, "application/json");
  EXPECT_EQ(parse_content_type(" application/json ; charset=\"UTF-8\" ; x=\"a;b\"").charset, "UTF-8");
  EXPECT_EQ(parse_content_type("text/plain; x=\"charset=q;\"").charset, "");
}

TEST(MediaType, TheMostSpecificRangeDecides) {
  EXPECT_EQ(accept_quality("", "application/json"), 1000);
  EXPECT_EQ(accept_quality("*/*", "application/json"), 1000);
  EXPECT_EQ(accept_quality("*/*;q=0.5, application/json;q=0.25", "application/json"), 250);
  EXPECT_EQ(accept_quality("application/*;q=0.1", "application/json"), 100);
  EXPECT_EQ(accept_quality("text/html, text/*", "application/json"), 0);
  EXPECT_EQ(accept_quality("application/json;q=0", "application/json"), 0);
  EXPECT_EQ(accept_quality("application/json; charset=utf-8", "application/json"), 1000);
  EXPECT_EQ(accept_quality("application/json; charset=latin1", "application/json"), 0);
  EXPECT_FALSE(accept_names("*/*", "text/event-stream"));
  EXPECT_TRUE(accept_names("text/html, TEXT/event-stream;q=0.1", "text/event-stream"));
}

TEST(Gzip, RoundTripsAndIsBounded) {
  std::string text;
  for (int i = 0; i < 3000; ++i) text += "{\"id\":" + std::to_string(i) + "},";
  const std::string packed = gzip(text);
  EXPECT_LT(packed.size(), text.size() / 3);
  EXPECT_EQ(gunzip(packed, text.size()), text);
  EXPECT_FALSE(gunzip(packed, text.size() - 1));
  EXPECT_FALSE(gunzip(packed.substr(0, packed.size() / 2), text.size()));
  EXPECT_FALSE(gunzip("nonsense", 100));
}

TEST(Gzip, IsOnlyForThoseWhoAskForIt) {
  EXPECT_TRUE(accepts_gzip("gzip, deflate, br"));
  EXPECT_TRUE(accepts_gzip("*"));
  EXPECT_TRUE(accepts_gzip("identity;q=1, GZIP;q=0.5"));
  EXPECT_FALSE(accepts_gzip(""));
  EXPECT_FALSE(accepts_gzip("br"));
  EXPECT_FALSE(accepts_gzip("gzip;q=0, *"));
}

}  // namespace
}  // namespace tenon::net
