#include "net/http_client.h"

#include <boost/asio/co_spawn.hpp>
#include <boost/asio/io_context.hpp>
#include <gtest/gtest.h>

namespace tenon::net {
namespace {

TEST(HttpUrl, IsTakenApart) {
  const auto url = parse_http_url("https://keys.example/a/b?c=d").value();
  EXPECT_TRUE(url.tls);
  EXPECT_EQ(url.host, "keys.example");
  EXPECT_EQ(url.port, "443");
  EXPECT_EQ(url.target, "/a/b?c=d");
  EXPECT_EQ(url.authority(), "keys.example");
  EXPECT_FALSE(url.is_loopback());
  const auto local = parse_http_url("http://[::1]:8080?x").value();
  EXPECT_FALSE(local.tls);
  EXPECT_EQ(local.host, "::1");
  EXPECT_EQ(local.authority(), "[::1]:8080");
  EXPECT_EQ(local.target, "/?x");
  EXPECT_TRUE(local.is_loopback());
  EXPECT_EQ(parse_http_url("http://localhost").value().target, "/");
  EXPECT_FALSE(parse_http_url("http://localhost.evil.example/").value().is_loopback());
}

TEST(HttpUrl, OfAnotherKindIsRefused) {
  for (const char* text :
       {"", "keys.example", "ftp://x/", "file:///etc/passwd", "https://", "https:///p", "https://u@x/",
        "https://u:p@x/", "https://x:/", "https://x:port/", "https://x:123456/", "https://[::1",
        "https://[::1]x/", "https://x/#f", "https://x/a b", "https://x/\r\nHost: y", "https://x y/"}) {
    const auto url = parse_http_url(text);
    ASSERT_FALSE(url) << text;
    EXPECT_EQ(url.error().code.text, "TN1001") << text;
  }
}

TEST(HttpExchange, WithNobodyThereFails) {
  boost::asio::io_context context;
  bool asked = false;
  boost::asio::co_spawn(
      context,
      http_exchange(parse_http_url("http://127.0.0.1:1/secret-path").value(),
                    {.timeout = std::chrono::seconds(5), .answer_bytes_max = 10}, trust_system().value()),
      [&](const std::exception_ptr& thrown, const base::Result<ClientAnswer>& answer) {
        asked = true;
        EXPECT_FALSE(thrown);
        ASSERT_FALSE(answer);
        EXPECT_EQ(answer.error().code.text, "TN5004");
        EXPECT_NE(answer.error().message.find("127.0.0.1:1"), std::string::npos);
        EXPECT_EQ(answer.error().message.find("secret-path"), std::string::npos);
      });
  context.run();
  EXPECT_TRUE(asked);
}

TEST(TlsTrust, WantsCertificates) {
  EXPECT_TRUE(trust_system());
  const auto trust = trust_only("no certificate");
  ASSERT_FALSE(trust);
  EXPECT_EQ(trust.error().code.text, "TN1001");
}

}  // namespace
}  // namespace tenon::net
