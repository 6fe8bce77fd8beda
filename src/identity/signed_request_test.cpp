#include "identity/signed_request.h"

#include <fmt/format.h>
#include <gtest/gtest.h>

#include "identity/keys_fixture.h"

namespace tenon::identity {
namespace {

using namespace std::chrono_literals;

constexpr std::string_view secret = "wJalrXUtnFEMI/K7MDENG/bPxRfiCYEXAMPLEKEY";
constexpr std::string_view credential = "AKIAIOSFODNN7EXAMPLE/20260115/us-east-1/appsync/aws4_request";
// Of the request below, by another implementation.
constexpr std::string_view good_signature =
    "16c06063c7ab228d1714486e4186412d1da3eff970369efe757b7142d1749b84";
const SystemClock::time_point noon =
    SystemClock::time_point(std::chrono::sys_days(std::chrono::January / 15 / 2026)) + 12h;

std::string authorization(std::string_view headers = "content-type;host;x-amz-date",
                          std::string_view signature = good_signature, std::string_view scope = credential) {
  return fmt::format("AWS4-HMAC-SHA256 Credential={}, SignedHeaders={}, Signature={}", scope, headers,
                     signature);
}

net::Request request() {
  return {.method = net::Method::post,
          .path = "/graphql",
          .headers = {{"Host", "127.0.0.1:8080"},
                      {"Content-Type", " application/json "},
                      {"X-Amz-Date", "20260115T120000Z"}},
          .body = R"({"query":"{ a }"})"};
}

// What is wrong with the request at `now`, in one word.
std::string said(const std::string& text, const net::Request& sent, SystemClock::time_point now = noon) {
  const auto header = parse_signature(text);
  if (!header) return std::string(cause(header.error()));
  if (const auto checked = check_signed_request(*header, sent, now); !checked)
    return std::string(cause(checked.error()));
  return signature_fits(*header, sent, secret) ? "good" : "wrong";
}

TEST(SignedRequest, IsVerifiedAsItWasSigned) {
  const std::string text = authorization();
  const auto header = parse_signature(text);
  ASSERT_TRUE(header);
  EXPECT_EQ(header->access_key, "AKIAIOSFODNN7EXAMPLE");
  EXPECT_EQ(string_to_sign(*header, request()),
            "AWS4-HMAC-SHA256\n20260115T120000Z\n20260115/us-east-1/appsync/aws4_request\n"
            "52db79ee521bc21d3147deb1426757408de1bb7935bb1dcf3666513cacfa39ca");
  EXPECT_EQ(said(text, request()), "good");
  EXPECT_FALSE(signature_fits(*header, request(), "another secret"));
}

TEST(SignedRequest, OfAGetCoversPathAndQuery) {
  net::Request get{
      .method = net::Method::get,
      .path = "/a%20b/graphql",
      .query = "query=%7b+a%20}&a=%2B",
      .headers = {{"host", "h"}, {"x-amz-date", "20260115T120000Z"}, {"x-amz-security-token", "tok   en"}}};
  const std::string text = authorization("host;x-amz-date;x-amz-security-token",
                                         "48d0e5a2b0dfd1a9f1e9731eb0b4ec3b88e262df532ffe2ef5d30bfdcc6e98ab");
  EXPECT_EQ(said(text, get), "good");
  get.query = "query=%7b+b%20}&a=%2B";
  EXPECT_EQ(said(text, get), "wrong");
  get.query = "query=%zz";
  EXPECT_EQ(said(text, get), "malformed signature of a request");
}

TEST(SignedRequest, ChangedOnTheWayIsRefused) {
  net::Request changed = request();
  changed.body = R"({"query":"{ b }"})";
  EXPECT_EQ(said(authorization(), changed), "wrong");
  changed = request();
  changed.path = "/graphql/";
  EXPECT_EQ(said(authorization(), changed), "wrong");
  changed = request();
  changed.query = "x=1";
  EXPECT_EQ(said(authorization(), changed), "wrong");
  changed = request();
  changed.method = net::Method::get;
  EXPECT_EQ(said(authorization(), changed), "wrong");
  changed = request();
  changed.headers[0].value = "other.example";
  EXPECT_EQ(said(authorization(), changed), "wrong");
  std::string other(good_signature);
  other[0] = '2';
  EXPECT_EQ(said(authorization("content-type;host;x-amz-date", other), request()), "wrong");
}

TEST(SignedRequest, IsOfThisMoment) {
  EXPECT_EQ(said(authorization(), request(), noon + 299s), "good");
  EXPECT_EQ(said(authorization(), request(), noon - 299s), "good");
  EXPECT_EQ(said(authorization(), request(), noon + 301s), "date of a signed request out of range");
  EXPECT_EQ(said(authorization(), request(), noon - 301s), "date of a signed request out of range");
  for (const char* date : {"", "20260115", "20260115T120000", "20260115T12000Z0", "20261315T120000Z",
                           "2026O115T120000Z", "20260115T250000Z", "20260116T000000Z", "-0260115T120000Z",
                           "99999999T999999Z", "22010101T000000Z", "27000101T000000Z", "99990101T000000Z"}) {
    net::Request sent = request();
    sent.headers[2].value = date;
    EXPECT_EQ(said(authorization(), sent), "date of a signed request out of range") << date;
  }
}

TEST(SignedRequest, CoversWhatItHasTo) {
  const std::string malformed = "malformed signature of a request";
  EXPECT_EQ(said(authorization("content-type;x-amz-date"), request()), malformed);
  EXPECT_EQ(said(authorization("content-type;host"), request()), malformed);
  EXPECT_EQ(said(authorization("host;content-type;x-amz-date"), request()), malformed);
  EXPECT_EQ(said(authorization("content-type;host;host;x-amz-date"), request()), malformed);
  EXPECT_EQ(said(authorization("content-type;Host;x-amz-date"), request()), malformed);
  EXPECT_EQ(said(authorization("content-type;host;x-amz-date;x-not-sent"), request()), malformed);
  net::Request twice = request();
  twice.headers.push_back({"host", "other.example"});
  EXPECT_EQ(said(authorization(), twice), malformed);
  net::Request loose = request();
  loose.headers.push_back({"x-amz-security-token", "t"});
  EXPECT_EQ(said(authorization(), loose), malformed);
  for (const std::string_view scope :
       {"AKIA/20260115/us-east-1/s3/aws4_request", "AKIA/20260115/us-east-1/appsync/aws4",
        "AKIA/20260115/us-east-1/appsync", "/20260115/us-east-1/appsync/aws4_request",
        "A/B/20260115/us-east-1/appsync/aws4_request", ""})
    EXPECT_EQ(said(authorization("content-type;host;x-amz-date", good_signature, scope), request()),
              malformed)
        << scope;
  for (const std::string_view text : {"AWS4-HMAC-SHA256", "AWS4-HMAC-SHA256 ", "AWS4-HMAC-SHA1 Credential=a",
                                      "AWS4-ECDSA-P256-SHA256 Credential=x", "AWS4-HMAC-SHA256 Signature=00",
                                      "AWS4-HMAC-SHA256 Credential=a, Credential=b"})
    EXPECT_EQ(said(std::string(text), request()), malformed) << text;
  EXPECT_EQ(said(authorization() + ", Extra=1", request()), malformed);
  EXPECT_EQ(said(authorization() + ", Signature=" + std::string(good_signature), request()), malformed);
}

// The same through the authenticator: the date is long past, so only what is looked at before it shows.
TEST(SignedRequest, IsOfAServiceThatIsKnown) {
  TrustOptions options;
  options.services.push_back(
      {.name = "worker", .access_key = "AKIAIOSFODNN7EXAMPLE", .secret = base::Secret(std::string(secret))});
  TestAuthenticator authenticator(options);
  net::Request sent = request();
  const std::string text = authorization();
  sent.headers.push_back({"authorization", text});
  const Verdict late = authenticator.ask(sent);
  ASSERT_FALSE(late);
  EXPECT_EQ(late.error(), Refusal::date_wrong);
  EXPECT_EQ(authenticator.trust().service("AKIAIOSFODNN7EXAMPLE")->principal->unrestricted, true);
  EXPECT_EQ(authenticator.trust().service("AKIA"), nullptr);
}

}  // namespace
}  // namespace tenon::identity
