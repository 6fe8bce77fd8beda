#include "server/trace.h"

#include <gtest/gtest.h>

#include "server/otlp_exporter.h"

namespace tenon::server {
namespace {

constexpr std::string_view good = "00-4bf92f3577b34da6a3ce929d0e0e4736-00f067aa0ba902b7-01";

TEST(Traceparent, IsReadAsWritten) {
  const auto context = parse_traceparent(good);
  ASSERT_TRUE(context);
  EXPECT_EQ(to_text(context->trace), "4bf92f3577b34da6a3ce929d0e0e4736");
  EXPECT_EQ(context->parent, 0x00f067aa0ba902b7U);
  EXPECT_TRUE(context->sampled);
  EXPECT_FALSE(parse_traceparent("00-4bf92f3577b34da6a3ce929d0e0e4736-00f067aa0ba902b7-00")->sampled);
  // A later version may say more.
  EXPECT_TRUE(parse_traceparent("cc-4bf92f3577b34da6a3ce929d0e0e4736-00f067aa0ba902b7-01-what-else"));
}

TEST(Traceparent, AnythingElseIsNone) {
  for (std::size_t size = 0; size < good.size(); ++size)
    EXPECT_FALSE(parse_traceparent(good.substr(0, size))) << size;
  for (std::size_t i = 0; i < good.size(); ++i) {
    std::string broken(good);
    broken[i] = 'G';
    EXPECT_FALSE(parse_traceparent(broken)) << broken;
  }
  for (const std::string_view text : {"ff-4bf92f3577b34da6a3ce929d0e0e4736-00f067aa0ba902b7-01",
                                      "00-00000000000000000000000000000000-00f067aa0ba902b7-01",
                                      "00-4bf92f3577b34da6a3ce929d0e0e4736-0000000000000000-01",
                                      "00-4bf92f3577b34da6a3ce929d0e0e4736-00f067aa0ba902b7-01-x",
                                      "00-4BF92F3577B34DA6A3CE929D0E0E4736-00f067aa0ba902b7-01"})
    EXPECT_FALSE(parse_traceparent(text)) << text;
}

TEST(OtlpEndpoint, IsAnHttpUrl) {
  const auto target = [](std::string_view url, bool is_base) {
    const auto endpoint = parse_otlp_endpoint(url, is_base);
    return endpoint
               ? std::string(endpoint->tls ? "tls " : "") + endpoint->authority() + " " + endpoint->target
               : endpoint.error().message;
  };
  EXPECT_EQ(target("http://collector:4318", true), "collector:4318 /v1/traces");
  EXPECT_EQ(target("https://collector", true), "tls collector /v1/traces");
  EXPECT_EQ(target("http://127.0.0.1:9/", true), "127.0.0.1:9 /v1/traces");
  EXPECT_EQ(target("http://[::1]:81/a/", true), "[::1]:81 /a/v1/traces");
  EXPECT_EQ(target("http://c:81/a?b", false), "c:81 /a?b");
  EXPECT_EQ(target("c:80", true), "The OTLP endpoint begins neither with https:// nor with http://.");
  EXPECT_EQ(target("http://c?b", true), "The OTLP endpoint has a query.");
  for (const std::string_view url :
       {"", "http://", "http://:80", "http://c:", "http://c:1x", "http://[::1", "http://u@c", "http://c/a b"})
    EXPECT_FALSE(parse_otlp_endpoint(url, true)) << url;
}

TEST(OtlpJson, IsTheProtocolsOwn) {
  const std::vector<Span> spans{{.trace = {.high = 1, .low = 2},
                                 .id = 3,
                                 .parent = 4,
                                 .kind = Span::Kind::client,
                                 .name = "a \"b\"",
                                 .start = std::chrono::system_clock::time_point(std::chrono::microseconds(5)),
                                 .end = std::chrono::system_clock::time_point(std::chrono::seconds(6)),
                                 .attributes = {{"n", std::int64_t{7}}, {"t", std::string("x")}},
                                 .failed = true}};
  EXPECT_EQ(
      otlp_json(spans, "shop"),
      R"({"resourceSpans":[{"resource":{"attributes":[{"key":"service.name","value":{"stringValue":"shop"}}]},)"
      R"("scopeSpans":[{"scope":{"name":"tenon"},"spans":[{"traceId":"00000000000000010000000000000002",)"
      R"("spanId":"0000000000000003","parentSpanId":"0000000000000004","name":"a \"b\"","kind":3,)"
      R"("startTimeUnixNano":"5000","endTimeUnixNano":"6000000000","attributes":[{"key":"n","value":)"
      R"({"intValue":"7"}},{"key":"t","value":{"stringValue":"x"}}],"status":{"code":2}}]}]}]})");
}

}  // namespace
}  // namespace tenon::server
