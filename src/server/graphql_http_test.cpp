#include "server/graphql_http.h"

#include <gtest/gtest.h>

#include "server/cors.h"
#include "server/metrics.h"

namespace tenon::server {
namespace {

TEST(ChooseAnswerType, FollowsTheAcceptHeader) {
  EXPECT_EQ(choose_answer_type(""), AnswerType::json);
  EXPECT_EQ(choose_answer_type("*/*"), AnswerType::json);
  EXPECT_EQ(choose_answer_type("application/graphql-response+json"), AnswerType::graphql_response);
  EXPECT_EQ(choose_answer_type("application/json, application/graphql-response+json"),
            AnswerType::graphql_response);
  EXPECT_EQ(choose_answer_type("application/json, application/graphql-response+json;q=0.9"),
            AnswerType::json);
  EXPECT_EQ(choose_answer_type("application/json;q=0, */*"), AnswerType::graphql_response);
  EXPECT_EQ(choose_answer_type("text/event-stream"), AnswerType::event_stream);
  EXPECT_EQ(choose_answer_type("text/event-stream, application/json"), AnswerType::json);
  EXPECT_EQ(choose_answer_type("text/event-stream, */*;q=0.1"), AnswerType::event_stream);
  EXPECT_EQ(choose_answer_type("text/html"), std::nullopt);
}

TEST(RequestOfQueryString, BecomesTheTextOfAPost) {
  EXPECT_EQ(request_of_query_string("query=%7Ba%7D&variables=%7B%22n%22%3A1.50%7D&other=1"),
            R"({"query":"{a}","variables":{"n":1.50}})");
  EXPECT_EQ(request_of_query_string("query=a&variables=null&extensions="),
            R"({"query":"a","variables":null})");
}

TEST(RequestOfQueryString, LetsNoParameterReachOutOfItsPlace) {
  for (const char* query :
       {"query=a&variables={},\"query\":\"b\"", "query=a&variables={}}", "query=a&query=b",
        "query=a&variables=1", "query=a&variables={/**/}", "variables={}", "query=%"}) {
    EXPECT_EQ(request_of_query_string(query), std::nullopt) << query;
  }
  EXPECT_EQ(request_of_query_string("query=a&variables=" + std::string(500, '[')), std::nullopt);
}

TEST(Cors, KnowsLocalHosts) {
  for (const char* host :
       {"localhost", "LOCALHOST:80", "127.0.0.1:3000", "[::1]:1", "[::1]", "a.localhost"}) {
    EXPECT_TRUE(is_local_host(host)) << host;
  }
  for (const char* host : {"", "localhost.example", "localhost:x", "127.0.0.1.example", "evil.example:80"}) {
    EXPECT_FALSE(is_local_host(host)) << host;
  }
}

TEST(RequestMetrics, CountsIntoTheRightBuckets) {
  RequestMetrics metrics;
  for (const int us : {1, 250, 251, 20'000'000}) {
    metrics.begin();
    metrics.end(Outcome::executed, std::chrono::microseconds(us));
  }
  metrics.begin();
  RequestMetrics::Reading reading;
  metrics.add_to(reading);
  EXPECT_EQ(reading.by_outcome[0], 4U);
  EXPECT_EQ(reading.in_flight, 1U);
  EXPECT_EQ(reading.by_latency[0], 2U);
  EXPECT_EQ(reading.by_latency[1], 1U);
  EXPECT_EQ(reading.by_latency.back(), 1U);
  const std::string text = metrics_text(reading, {}, {});
  EXPECT_NE(text.find("tenon_graphql_request_seconds_bucket{le=\"0.00025\"} 2\n"), std::string::npos) << text;
  EXPECT_NE(text.find("tenon_graphql_request_seconds_count 4\n"), std::string::npos);
}

}  // namespace
}  // namespace tenon::server
