#include "net/request_parser.h"

#include <gtest/gtest.h>

namespace tenon::net {
namespace {

using State = RequestParser::State;

// Feeds `text` in pieces of `step` bytes the way a connection does, keeping what was not taken.
std::string feed(RequestParser& parser, std::string_view text, std::size_t step) {
  std::string pending;
  for (std::size_t at = 0; at < text.size() && parser.state() != State::failed; at += step) {
    pending.append(text.substr(at, step));
    if (parser.state() != State::complete) pending.erase(0, parser.feed(pending));
  }
  return pending;
}

unsigned failure_of(std::string_view text, base::HttpLimits limits = {}) {
  RequestParser parser(limits);
  feed(parser, text, text.size());
  return parser.state() == State::failed ? parser.failure().status : 0;
}

TEST(RequestParser, ReadsTheSameWhereverTheBytesAreCut) {
  const std::string_view text =
      "POST /graphql?a=1 HTTP/1.1\r\nHost: a\r\nX-Folded: one\r\n two\r\nContent-Length: 5\r\n\r\nhello";
  for (std::size_t step = 1; step <= text.size(); ++step) {
    const base::HttpLimits limits;
    RequestParser parser(limits);
    EXPECT_EQ(feed(parser, text, step), "");
    ASSERT_EQ(parser.state(), State::complete) << step;
    const Request& request = parser.request();
    EXPECT_EQ(request.method, Method::post);
    EXPECT_EQ(request.path, "/graphql");
    EXPECT_EQ(request.query, "a=1");
    EXPECT_EQ(request.header("HOST"), "a");
    EXPECT_EQ(request.header("x-folded"), "one two");
    EXPECT_EQ(request.body, "hello");
    EXPECT_TRUE(request.keep_alive);
  }
}

TEST(RequestParser, ReadsChunksAndDropsTrailers) {
  const std::string_view text =
      "POST / HTTP/1.1\r\nHost: a\r\nTransfer-Encoding: chunked\r\n\r\n"
      "3;x=y\r\nabc\r\n2\r\nde\r\n0\r\nX-Late: 1\r\n\r\n";
  for (std::size_t step = 1; step <= text.size(); ++step) {
    const base::HttpLimits limits;
    RequestParser parser(limits);
    EXPECT_EQ(feed(parser, text, step), "");
    ASSERT_EQ(parser.state(), State::complete) << step;
    EXPECT_EQ(parser.request().body, "abcde");
    EXPECT_EQ(parser.request().header("x-late"), "");
  }
}

TEST(RequestParser, AnEmptyChunkedBodyMayComeByteByByte) {
  const std::string_view head = "POST / HTTP/1.1\r\nHost: a\r\nTransfer-Encoding: chunked\r\n\r\n";
  for (const std::string_view end :
       {"0\r\n\r\n", "0\r\nX-Late: 1\r\n\r\n", "0;x\r\n\r\n", "1\r\na\r\n0\r\n\r\n"}) {
    const std::string text = std::string(head) + std::string(end);
    for (std::size_t step = 1; step <= text.size(); ++step) {
      const base::HttpLimits limits;
      RequestParser parser(limits);
      EXPECT_EQ(feed(parser, text, step), "");
      ASSERT_EQ(parser.state(), State::complete) << end << " in pieces of " << step;
    }
  }
}

TEST(RequestParser, HeaderLimitIsTheSameForEveryCut) {
  const std::string line = "GET / HTTP/1.1\r\n";
  for (const int over : {0, 1}) {
    base::HttpLimits limits;
    limits.header_bytes_max = 256;
    std::string text = line + "Host: a\r\nX-Fill: ";
    text.append(limits.header_bytes_max + static_cast<std::size_t>(over) - text.size() - 4, 'x');
    text += "\r\n\r\n";
    for (std::size_t step = 1; step <= text.size(); ++step) {
      RequestParser parser(limits);
      feed(parser, text, step);
      ASSERT_EQ(parser.state(), over == 0 ? State::complete : State::failed) << "in pieces of " << step;
      if (over == 1) ASSERT_EQ(parser.failure().status, 431U) << "in pieces of " << step;
    }
  }
}

TEST(RequestParser, StopsBehindOneRequestAndReadsTheNextAfterReset) {
  const base::HttpLimits limits;
  RequestParser parser(limits);
  std::string rest = feed(parser, "GET /one HTTP/1.1\r\nHost: a\r\n\r\nGET /two HTTP/1.0\r\n\r\n", 1000);
  EXPECT_EQ(parser.request().path, "/one");
  parser.reset();
  EXPECT_EQ(parser.state(), State::start);
  rest.erase(0, parser.feed(rest));
  ASSERT_EQ(parser.state(), State::complete);
  EXPECT_EQ(parser.request().path, "/two");
  EXPECT_FALSE(parser.request().keep_alive);
  EXPECT_TRUE(parser.request().http_1_0);
  EXPECT_EQ(rest, "");
}

TEST(RequestParser, SkipsEmptyLinesBeforeARequest) {
  for (std::size_t step : {1, 3, 100}) {
    const base::HttpLimits limits;
    RequestParser parser(limits);
    feed(parser, "\r\n\r\nGET / HTTP/1.1\r\nHost: a\r\n\r\n", step);
    EXPECT_EQ(parser.state(), State::complete);
  }
}

TEST(RequestParser, AcceptsTheAbsoluteForm) {
  const base::HttpLimits limits;
  RequestParser parser(limits);
  feed(parser, "GET http://a:80/p?q=http://b HTTP/1.1\r\nHost: a\r\n\r\n", 1000);
  ASSERT_EQ(parser.state(), State::complete);
  EXPECT_EQ(parser.request().path, "/p");
  EXPECT_EQ(parser.request().query, "q=http://b");
}

TEST(RequestParser, KnowsWhoWaitsForContinue) {
  const std::string head = "POST / HTTP/1.1\r\nHost: a\r\nContent-Length: 2\r\nExpect: 100-continue\r\n\r\n";
  const base::HttpLimits limits;
  RequestParser waiting(limits);
  feed(waiting, head, 1000);
  EXPECT_TRUE(waiting.awaits_continue());
  RequestParser impatient(limits);
  feed(impatient, head + "a", 1000);
  EXPECT_FALSE(impatient.awaits_continue());
}

TEST(RequestParser, RefusesWhatIsTooLarge) {
  const base::HttpLimits limits{.header_bytes_max = 200, .body_bytes_max = 10};
  EXPECT_EQ(failure_of("GET / HTTP/1.1\r\nHost: a\r\nX: " + std::string(200, 'x') + "\r\n\r\n", limits), 431);
  EXPECT_EQ(failure_of("GET / HTTP/1.1\r\nHost: a\r\nX: " + std::string(400, 'x'), limits), 431);
  EXPECT_EQ(failure_of("GET /" + std::string(400, 'x'), limits), 431);
  EXPECT_EQ(failure_of("POST / HTTP/1.1\r\nHost: a\r\nContent-Length: 11\r\n\r\n", limits), 413);
  EXPECT_EQ(failure_of("POST / HTTP/1.1\r\nHost: a\r\nContent-Length: 99999999999999999999\r\n\r\n"), 400);
  EXPECT_EQ(failure_of("POST / HTTP/1.1\r\nHost: a\r\nTransfer-Encoding: chunked\r\n\r\n"
                       "6\r\nabcdef\r\n6\r\nabcdef\r\n",
                       limits),
            413);
  EXPECT_EQ(failure_of("POST / HTTP/1.1\r\nHost: a\r\nTransfer-Encoding: chunked\r\n\r\n1;" +
                       std::string(5000, 'x')),
            400);
  std::string many = "GET / HTTP/1.1\r\nHost: a\r\n";
  for (int i = 0; i < 101; ++i) many += "X: 1\r\n";
  EXPECT_EQ(failure_of(many + "\r\n"), 431);
}

TEST(RequestParser, RefusesWhatTwoServersMayReadDifferently) {
  const auto status = [](std::string_view headers) {
    return failure_of("POST / HTTP/1.1\r\n" + std::string(headers) + "\r\n\r\n");
  };
  EXPECT_EQ(status("Host: a\r\nContent-Length: 1\r\nContent-Length: 2"), 400);
  EXPECT_EQ(status("Host: a\r\nContent-Length: 1\r\nTransfer-Encoding: chunked"), 400);
  EXPECT_EQ(status("Host: a\r\nTransfer-Encoding: chunked\r\nContent-Length: 1"), 400);
  EXPECT_EQ(status("Host: a\r\nTransfer-Encoding: xchunked"), 501);
  EXPECT_EQ(status("Host: a\r\nTransfer-Encoding: chunked, identity"), 501);
  EXPECT_EQ(status("Host: a\r\nTransfer-Encoding: chunked\r\nTransfer-Encoding: chunked"), 400);
  EXPECT_EQ(status("Host: a\r\nContent-Length: +1"), 400);
  EXPECT_EQ(status("Host: a\r\nContent-Length: -1"), 400);
  EXPECT_EQ(status("Host: a\r\nContent-Length : 1"), 400);
  EXPECT_EQ(status("Host: a\r\nHost: b"), 400);
  EXPECT_EQ(status("X: a"), 400);
  EXPECT_EQ(status("Host: a\r\nExpect: something"), 417);
  EXPECT_EQ(failure_of("POST / HTTP/1.0\r\nTransfer-Encoding: chunked\r\n\r\n"), 400);
  EXPECT_NE(failure_of("POST / HTTP/1.1\nHost: a\n\n"), 0);  // lines end with CRLF and nothing else
}

TEST(RequestParser, RefusesGarbage) {
  EXPECT_EQ(failure_of("\x16\x03\x01\x02\x00\x01\x00\x01\xfc\x03\x03\r\n\r\n"), 400);
  EXPECT_EQ(failure_of("GET / HTTP/2.0\r\n\r\n"), 505);
  EXPECT_EQ(failure_of("GET relative HTTP/1.1\r\nHost: a\r\n\r\n"), 400);
  EXPECT_EQ(failure_of("CONNECT a:80 HTTP/1.1\r\nHost: a\r\n\r\n"), 400);
  EXPECT_EQ(failure_of("GET / HTTP/1.1\r\nHost: a\r\nB\x01: x\r\n\r\n"), 400);
  EXPECT_EQ(failure_of("POST / HTTP/1.1\r\nHost: a\r\nTransfer-Encoding: chunked\r\n\r\nzz\r\n"), 400);
}

}  // namespace
}  // namespace tenon::net
