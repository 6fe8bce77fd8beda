#include "identity/authenticator.h"

#include <functional>
#include <thread>

#include <boost/json/array.hpp>
#include <boost/json/parse.hpp>
#include <boost/json/serialize.hpp>
#include <gtest/gtest.h>

#include "base/base64.h"
#include "identity/keys_fixture.h"

namespace tenon::identity {
namespace {

using namespace std::chrono_literals;
using namespace std::string_literals;
namespace json = boost::json;

// What became of a token, in one word.
std::string said(const Verdict& verdict) {
  return verdict ? "let in " + (*verdict)->name : std::string(cause(verdict.error()));
}

// What is said of it in the end: keys are fetched after a pause, and a busy machine takes its time.
std::string eventually(std::string_view wanted, TestAuthenticator& authenticator, const std::string& token) {
  const auto give_up = std::chrono::steady_clock::now() + 60s;
  for (;;) {
    std::string answer = said(authenticator.ask(token));
    if (answer == wanted || std::chrono::steady_clock::now() > give_up) return answer;
    std::this_thread::sleep_for(20ms);
  }
}

bool eventually(const std::function<bool()>& condition) {
  const auto give_up = std::chrono::steady_clock::now() + 60s;
  while (!condition() && std::chrono::steady_clock::now() < give_up) std::this_thread::sleep_for(5ms);
  return condition();
}

class Tokens : public testing::Test {
 protected:
  void SetUp() override { server.serve_keys({&key}); }

  json::object claims(json::object changes = {}) const {
    json::object all = claims_for(server.url());
    for (const auto& [name, value] : changes) {
      if (value.is_null())
        all.erase(name);
      else
        all[name] = value;
    }
    return all;
  }
  std::string ask(const std::string& token) { return ask(token, trusting(server.url())); }
  std::string ask(const std::string& token, TrustOptions options) {
    return said(TestAuthenticator(std::move(options)).ask(token));
  }

  TestServer server;
  TestKey key{"k1", "RS256"};
};

TEST_F(Tokens, OfEveryAlgorithmAreVerified) {
  for (const char* algorithm :
       {"RS256", "RS384", "RS512", "PS256", "PS384", "PS512", "ES256", "ES384", "ES512", "EdDSA"}) {
    const TestKey one("k-" + std::string(algorithm), algorithm);
    server.serve_keys({&key, &one});
    const std::string token = one.token(claims());
    TestAuthenticator authenticator(trusting(server.url()));
    EXPECT_EQ(said(authenticator.ask(token)), "let in user:u1") << algorithm;
    std::string forged = token;
    const std::size_t at = forged.rfind('.') + 10;
    forged[at] = forged[at] == 'A' ? 'B' : 'A';
    EXPECT_EQ(said(authenticator.ask(forged)), "token with a wrong signature") << algorithm;
    const std::string other = one.token(claims({{"sub", "u2"}}));
    EXPECT_EQ(said(authenticator.ask(other.substr(0, other.rfind('.')) + token.substr(token.rfind('.')))),
              "token with a wrong signature")
        << algorithm;
  }
}

TEST_F(Tokens, ClaimsAndProviderComeAlong) {
  TrustOptions options = trusting(server.url());
  options.issuers[0].rules.provider = policy::Provider::user_pools;
  const std::string token = key.token(claims({{"cognito:groups", json::array{"Admins"}},
                                              {"big", 9007199254740993},
                                              {"a", json::object{{"b", true}}}}));
  const Verdict verdict = TestAuthenticator(options).ask("Bearer " + token);
  ASSERT_TRUE(verdict);
  EXPECT_EQ((*verdict)->provider, policy::Provider::user_pools);
  EXPECT_FALSE((*verdict)->unrestricted);
  EXPECT_EQ((*verdict)->claims.text("cognito:groups"), "Admins");
  EXPECT_EQ((*verdict)->claims.text("big"), "9007199254740993");
  EXPECT_EQ((*verdict)->claims.text("a.b"), "true");
}

TEST_F(Tokens, WithoutASignatureAreRefused) {
  const std::string payload = json::serialize(claims());
  for (const char* none : {"none", "None", "NONE", "nOnE", ""}) {
    const std::string header = json::serialize(json::object{{"alg", none}, {"kid", "k1"}});
    EXPECT_EQ(ask(unsigned_token(header, payload) + "."), "token with a refused algorithm") << none;
  }
  EXPECT_EQ(ask(unsigned_token(R"({"kid":"k1"})", payload) + "."), "token with a refused algorithm");
  EXPECT_EQ(ask(unsigned_token(R"({"alg":["RS256"],"kid":"k1"})", payload) + "."),
            "token with a refused algorithm");
  const std::string token = key.token(claims());
  EXPECT_EQ(ask(token.substr(0, token.rfind('.') + 1)), "token with a wrong signature");
  EXPECT_EQ(ask(token.substr(0, token.rfind('.'))), "malformed token");
}

TEST_F(Tokens, AlgorithmsAreNotConfused) {
  // The public key, in every form that a careless server could take for a secret.
  const std::string jwk = json::serialize(key.jwk());
  const auto modulus = std::string(std::string_view(key.jwk().at("n").as_string()));
  for (const std::string& secret : {jwk, modulus, base::decode_base64url(modulus).value(), std::string()})
    EXPECT_EQ(ask(hmac_token(claims(), "k1", secret)), "token with a refused algorithm");
  // A key says what it is for.
  EXPECT_EQ(ask(key.token(claims(), {{"alg", "PS256"}})), "token signed with an unknown key");
  EXPECT_EQ(ask(key.token(claims(), {{"alg", "RS512"}})), "token signed with an unknown key");
  EXPECT_EQ(ask(key.token(claims(), {{"alg", "ES256"}})), "token signed with an unknown key");
}

TEST_F(Tokens, KeysThatComeWithATokenAreNeverUsed) {
  const TestKey own("mine", "RS256");
  const json::object jwk = own.jwk();
  EXPECT_EQ(ask(own.token(claims(), {{"jwk", jwk}})), "token signed with an unknown key");
  server.serve_keys({&own}, "/evil.json");
  EXPECT_EQ(ask(own.token(claims(), {{"jku", server.url() + "/evil.json"}})),
            "token signed with an unknown key");
  EXPECT_EQ(ask(own.token(claims(), {{"x5u", server.url() + "/evil.json"}})),
            "token signed with an unknown key");
  EXPECT_EQ(ask(own.token(claims(), {{"kid", "k1"}})), "token with a wrong signature");
  for (const std::string& trick :
       {"../../../dev/null"s, "/etc/passwd"s, "k1\0"s, "k1' OR '1'='1"s, ""s, "K1"s, " k1"s})
    EXPECT_EQ(ask(own.token(claims(), {{"kid", trick}})), "token signed with an unknown key") << trick;
  EXPECT_EQ(ask(own.token(claims(), {{"kid", std::string(300, 'k')}})), "malformed token");
  EXPECT_EQ(ask(own.token(claims(), {{"kid", 7}})), "malformed token");
}

TEST_F(Tokens, TimesAreKept) {
  EXPECT_EQ(ask(key.token(claims({{"exp", seconds_from_now(-31)}}))), "token expired");
  EXPECT_EQ(ask(key.token(claims({{"exp", seconds_from_now(-10)}}))), "let in user:u1");  // the clock's skew
  EXPECT_EQ(ask(key.token(claims({{"exp", nullptr}}))), "token expired");
  EXPECT_EQ(ask(key.token(claims({{"exp", 253402300799}}))), "let in user:u1");  // the year 9999
  EXPECT_EQ(ask(key.token(claims({{"nbf", 253402300799}}))), "token not yet valid");
  EXPECT_EQ(ask(key.token(claims({{"exp", "9999999999"}}))), "malformed token");
  EXPECT_EQ(ask(key.token(claims({{"exp", -1}}))), "malformed token");
  EXPECT_EQ(ask(key.token(claims({{"exp", 1e300}}))), "malformed token");
  EXPECT_EQ(ask(key.token(claims({{"nbf", seconds_from_now(60)}}))), "token not yet valid");
  EXPECT_EQ(ask(key.token(claims({{"nbf", seconds_from_now(20)}}))), "let in user:u1");
  EXPECT_EQ(ask(key.token(claims({{"iat", seconds_from_now(60)}}))), "token not yet valid");
  TrustOptions options = trusting(server.url());
  options.issuers[0].rules.age_max = 100s;
  EXPECT_EQ(ask(key.token(claims({{"iat", seconds_from_now(-140)}})), options), "token too old");
  EXPECT_EQ(ask(key.token(claims({{"iat", seconds_from_now(-90)}})), options), "let in user:u1");
  EXPECT_EQ(ask(key.token(claims()), options), "token too old");
  options = trusting(server.url());
  options.issuers[0].rules.sign_in_age_max = 100s;
  EXPECT_EQ(ask(key.token(claims({{"auth_time", seconds_from_now(-140)}})), options), "token too old");
  EXPECT_EQ(ask(key.token(claims({{"auth_time", seconds_from_now(-90)}})), options), "let in user:u1");
}

TEST_F(Tokens, AreForWhomTheyWereMade) {
  TrustOptions options = trusting(server.url());
  options.issuers[0].rules.audience = Pattern::compile("api://shop").value();
  EXPECT_EQ(ask(key.token(claims({{"aud", "api://shop"}})), options), "let in user:u1");
  EXPECT_EQ(ask(key.token(claims({{"aud", json::array{"x", "api://shop"}}})), options), "let in user:u1");
  EXPECT_EQ(ask(key.token(claims({{"aud", "api://shop2"}})), options), "token for another audience");
  EXPECT_EQ(ask(key.token(claims({{"aud", "xapi://shop"}})), options), "token for another audience");
  EXPECT_EQ(ask(key.token(claims({{"aud", json::object{{"api://shop", 1}}}})), options),
            "token for another audience");
  EXPECT_EQ(ask(key.token(claims()), options), "token for another audience");
  options = trusting(server.url());
  options.issuers[0].rules.client_id = Pattern::compile("web|mobile-[0-9]+").value();
  EXPECT_EQ(ask(key.token(claims({{"client_id", "web"}})), options), "let in user:u1");
  EXPECT_EQ(ask(key.token(claims({{"azp", "mobile-12"}})), options), "let in user:u1");
  EXPECT_EQ(ask(key.token(claims({{"aud", "web"}})), options), "let in user:u1");
  EXPECT_EQ(ask(key.token(claims({{"client_id", "mobile-12x"}})), options), "token for another client");
  EXPECT_EQ(ask(key.token(claims({{"client_id", "other"}, {"aud", "web"}})), options),
            "token for another client");
  EXPECT_EQ(ask(key.token(claims()), options), "token for another client");
  options = trusting(server.url());
  options.issuers[0].rules.token_use = {"access"};
  EXPECT_EQ(ask(key.token(claims({{"token_use", "access"}})), options), "let in user:u1");
  EXPECT_EQ(ask(key.token(claims({{"token_use", "id"}})), options), "token of another use");
  EXPECT_EQ(ask(key.token(claims()), options), "token of another use");
  EXPECT_EQ(ask(key.token(claims({{"iss", server.url() + "/"}}))), "token of an unknown issuer");
  EXPECT_EQ(ask(key.token(claims({{"iss", "https://elsewhere.example"}}))), "token of an unknown issuer");
  EXPECT_EQ(ask(key.token(claims({{"iss", nullptr}}))), "token of an unknown issuer");
}

TEST_F(Tokens, MalformedOnesAreRefused) {
  const std::string good = key.token(claims());
  const std::string signed_part = good.substr(0, good.rfind('.'));
  const std::string signature = good.substr(good.rfind('.'));
  EXPECT_EQ(ask("x"), "malformed token");
  EXPECT_EQ(ask(".."), "malformed token");
  EXPECT_EQ(ask(good + ".x"), "malformed token");
  EXPECT_EQ(ask(good + "="), "malformed token");
  EXPECT_EQ(ask(good + " "), "malformed token");
  EXPECT_EQ(ask("a" + std::string(base::token_bytes_max, 'a') + good), "malformed token");
  const auto sign = [&](std::string_view header, std::string_view payload) {
    const std::string text = unsigned_token(header, payload);
    return text + "." + base::encode_base64url(key.sign(text));
  };
  const std::string payload = json::serialize(claims());
  const std::string twice = R"({"sub":"u9",)" + payload.substr(1);
  EXPECT_EQ(ask(sign(R"({"alg":"RS256","kid":"k1"})", payload)), "let in user:u1");
  EXPECT_EQ(ask(sign(R"({"alg":"RS256","kid":"k1"})", twice)), "malformed token");
  EXPECT_EQ(ask(sign(R"({"alg":"none","alg":"RS256","kid":"k1"})", payload)), "malformed token");
  EXPECT_EQ(ask(sign(R"({"alg":"RS256","kid":"k1","crit":["exp"]})", payload)), "malformed token");
  EXPECT_EQ(ask(sign(R"({"alg":"RS256","kid":"k1","b64":false})", payload)), "malformed token");
  EXPECT_EQ(ask(sign(R"(["RS256"])", payload)), "malformed token");
  EXPECT_EQ(ask(sign(R"({"alg":"RS256","kid":"k1"})", "[]")), "malformed token");
  EXPECT_EQ(ask(sign(R"({"alg":"RS256","kid":"k1"})", "\xff")), "malformed token");
  EXPECT_EQ(ask(sign(R"({"alg":"RS256","kid":"k1"})",
                     R"({"a":)" + std::string(100, '[') + std::string(100, ']') + "}")),
            "malformed token");
}

TEST_F(Tokens, WeakAndForeignKeysOfASetAreLeftOut) {
  const TestKey weak("weak", "RS256", 1024);
  server.serve_keys({&weak, &key});
  EXPECT_EQ(ask(weak.token(claims())), "token signed with an unknown key");
  json::object for_encryption = TestKey("enc", "RS256").jwk();
  for_encryption["use"] = "enc";
  EXPECT_FALSE(KeySet::parse(json::serialize(json::object{{"keys", json::array{for_encryption}}})));
  const auto shared = KeySet::parse(R"({"keys":[{"kty":"oct","k":"c2VjcmV0","kid":"k1"}]})");
  ASSERT_FALSE(shared);
  EXPECT_EQ(shared.error().code.text, "TN5003");
  // A point that is not on the curve.
  json::object off = TestKey("off", "ES256").jwk();
  off["y"] = off["x"];
  EXPECT_FALSE(KeySet::parse(json::serialize(json::object{{"keys", json::array{off}}})));
}

TEST_F(Tokens, WithoutAKeyIdTakeTheOnlyKeyThatFits) {
  const TestKey other("e1", "ES256");
  server.serve_keys({&key, &other});
  EXPECT_EQ(ask(key.token(claims(), {{"kid", nullptr}})), "let in user:u1");
  const TestKey second("k2", "RS256");
  server.serve_keys({&key, &second});
  EXPECT_EQ(ask(key.token(claims(), {{"kid", nullptr}})), "token signed with an unknown key");
}

TEST_F(Tokens, KeysRotate) {
  TestAuthenticator authenticator(trusting(server.url()));
  const std::string old = key.token(claims());
  EXPECT_EQ(said(authenticator.ask(old)), "let in user:u1");
  const TestKey next("k2", "ES256");
  server.serve_keys({&key, &next});
  // There is a pause between two fetches.
  EXPECT_EQ(eventually("let in user:u2", authenticator, next.token(claims({{"sub", "u2"}}))),
            "let in user:u2");
  EXPECT_EQ(said(authenticator.ask(old)), "let in user:u1");
  // What the set holds no longer is not believed any more, not even from memory.
  server.serve_keys({&next});
  const TestKey unknown("k3", "ES256");
  const bool forgotten = eventually([&] {
    EXPECT_EQ(said(authenticator.ask(unknown.token(claims()))), "token signed with an unknown key");
    return said(authenticator.ask(old)) != "let in user:u1";
  });
  EXPECT_TRUE(forgotten);
  EXPECT_EQ(said(authenticator.ask(old)), "token signed with an unknown key");
}

TEST_F(Tokens, UnknownKeysDoNotDriveRequestsToTheIssuer) {
  TrustOptions options = trusting(server.url());
  options.pace.refetch_pause = 1h;
  TestAuthenticator authenticator(options);
  EXPECT_EQ(said(authenticator.ask(key.token(claims()))), "let in user:u1");
  const std::size_t before = server.requests();
  for (int i = 0; i < 50; ++i)
    authenticator.ask(key.token(claims(), {{"kid", "unknown-" + std::to_string(i)}}));
  EXPECT_EQ(server.requests(), before);
}

TEST_F(Tokens, ManyAtOnceFetchOnce) {
  server.delay(100ms);
  TestAuthenticator authenticator(trusting(server.url()));
  EXPECT_EQ(authenticator.let_in(key.token(claims()), 200), 200);
  EXPECT_EQ(server.requests(), 2);  // the configuration, and the keys
}

TEST_F(Tokens, KeysStayGoodWhileTheIssuerIsSlowOrAway) {
  TrustOptions options = trusting(server.url());
  options.pace.refresh_interval = 50ms;
  TestAuthenticator authenticator(options);
  EXPECT_EQ(said(authenticator.ask(key.token(claims()))), "let in user:u1");
  const KeySource& keys = *authenticator.trust().issuer(server.url())->keys;
  server.delay(1h);
  const std::size_t asked = server.requests();
  EXPECT_TRUE(eventually([&] { return server.requests() > asked; }));
  const std::uint64_t fetched = keys.attempts();
  EXPECT_EQ(said(authenticator.ask(key.token(claims({{"sub", "u2"}})))), "let in user:u2");
  EXPECT_EQ(keys.attempts(), fetched) << "it waited for the issuer";
  const std::string issued = key.token(claims({{"sub", "u3"}}));
  server.delay(0ms);
  server.stop();
  const std::uint64_t stopped = keys.attempts();
  EXPECT_TRUE(eventually([&] { return keys.attempts() >= stopped + 3; }));
  EXPECT_EQ(said(authenticator.ask(issued)), "let in user:u3");
}

TEST_F(Tokens, AnIssuerThatIsAwayAtTheStartIsWaitedForAMomentOnly) {
  server.serve("/.well-known/jwks.json", "down", 500);
  TrustOptions options = trusting(server.url());
  options.pace.patience = 100s;
  TestAuthenticator authenticator(options);
  const std::string token = key.token(claims());
  EXPECT_EQ(said(authenticator.ask(token)), "the issuer's keys are not available");
  const auto start = std::chrono::steady_clock::now();
  for (int i = 0; i < 3; ++i)
    EXPECT_EQ(said(authenticator.ask(token)), "the issuer's keys are not available");
  EXPECT_LT(std::chrono::steady_clock::now() - start, 20s) << "it waited longer than for the answer";
  server.serve_keys({&key});
  EXPECT_EQ(eventually("let in user:u1", authenticator, token),
            "let in user:u1");  // it goes on asking by itself
}

TEST_F(Tokens, AnIssuerThatHangsAtTheStartIsWaitedForAMomentOnly) {
  server.delay(1h);
  TrustOptions options = trusting(server.url());
  options.pace.timeout = 10min;
  options.pace.patience = 100ms;
  TestAuthenticator authenticator(options);
  const std::string token = key.token(claims());
  EXPECT_EQ(said(authenticator.ask(token)), "the issuer's keys are not available");
  EXPECT_EQ(authenticator.trust().issuer(server.url())->keys->attempts(), 0U) << "it waited for the issuer";
  server.delay(0ms);
  EXPECT_EQ(eventually("let in user:u1", authenticator, token), "let in user:u1");
}

TEST_F(Tokens, KeysAreFoundByDiscovery) {
  server.serve(
      "/.well-known/openid-configuration",
      json::serialize(json::object{{"issuer", server.url()}, {"jwks_uri", server.url() + "/other/keys"}}));
  server.serve_keys({}, "/.well-known/jwks.json");
  server.serve_keys({&key}, "/other/keys");
  EXPECT_EQ(ask(key.token(claims())), "let in user:u1");
  server.serve(
      "/.well-known/openid-configuration",
      json::serialize(json::object{{"issuer", "https://other"}, {"jwks_uri", server.url() + "/other/keys"}}));
  EXPECT_EQ(ask(key.token(claims())), "the issuer's keys are not available");
  server.serve(
      "/.well-known/openid-configuration",
      json::serialize(json::object{{"issuer", server.url()}, {"jwks_uri", "http://keys.example/k"}}));
  EXPECT_EQ(ask(key.token(claims())), "the issuer's keys are not available");
}

TEST_F(Tokens, KeySetsTooLargeAreNotRead) {
  server.serve("/.well-known/jwks.json",
               R"({"keys":[],"x":")" + std::string(base::key_set_bytes_max, 'x') + "\"}");
  EXPECT_EQ(ask(key.token(claims())), "the issuer's keys are not available");
}

TEST(ApiKeys, AreCalledByTheirNamesAndExpire) {
  TrustOptions options;
  options.api_keys = {make_api_key("web", base::Secret("key-of-web")),
                      make_api_key("old", base::Secret("key-of-old"), SystemClock::now() - 1s),
                      make_api_key("new", base::Secret("key-of-new"), SystemClock::now() + 1h),
                      make_api_key("empty", base::Secret())};
  TestAuthenticator authenticator(options);
  const auto ask = [&](std::vector<net::Header> headers) {
    return said(authenticator.ask(net::Request{.method = net::Method::post, .headers = std::move(headers)}));
  };
  EXPECT_EQ(ask({{"X-Api-Key", "key-of-web"}}), "let in key:web");
  EXPECT_EQ(ask({{"x-api-key", "key-of-new"}}), "let in key:new");
  EXPECT_EQ(ask({{"x-api-key", "key-of-old"}}), "API key expired");
  EXPECT_EQ(ask({{"x-api-key", "key-of-we"}}), "unknown API key");
  EXPECT_EQ(ask({{"x-api-key", ""}}), "unknown API key");
  EXPECT_EQ(ask({{"x-api-key", "key-of-web"}, {"x-api-key", "key-of-web"}}), "a credential given twice");
  EXPECT_EQ(ask({{"authorization", "a"}, {"authorization", "b"}}), "a credential given twice");
  EXPECT_EQ(ask({}), "no credential");
  EXPECT_EQ(ask({{"authorization", ""}}), "no credential");
}

TEST(Guests, AreThoseWithoutAnyCredential) {
  TrustOptions options;
  options.guests = true;
  TestAuthenticator authenticator(options);
  const Verdict verdict = authenticator.ask(net::Request{.method = net::Method::post});
  ASSERT_TRUE(verdict);
  EXPECT_EQ((*verdict)->provider, policy::Provider::identity_pool);
  EXPECT_FALSE((*verdict)->authenticated);
  // A wrong credential is no reason to let somebody in as another.
  EXPECT_EQ(said(authenticator.ask("wrong")), "malformed token");
  EXPECT_EQ(said(authenticator.ask("")), "no credential");
  EXPECT_EQ(said(authenticator.ask(net::Request{.headers = {{"x-api-key", "k"}}})),
            "a credential of a kind that is not configured");
}

TEST(Authorizer, DecidesAboutWhatIsNoTokenOfAnIssuer) {
  TestServer server;
  server.serve("/authorize", R"({"isAuthorized":true,"resolverContext":{"sub":"ann","tier":"gold"},
    "deniedFields":["arn:aws:appsync:us-east-1:1:apis/x/types/Note/fields/body","Mutation.createNote"]})");
  TrustOptions options;
  options.authorizer = AuthorizerOptions{.url = net::parse_http_url(server.url() + "/authorize").value(),
                                         .trust = net::trust_system().value(),
                                         .timeout = 60s};
  TestAuthenticator authenticator(options);
  const net::Request request{.method = net::Method::post,
                             .headers = {{"authorization", "let-me"}},
                             .body = R"({"query":"{ a }","variables":{"n":1.50}})",
                             .id = "r1"};
  const Verdict verdict = authenticator.ask(request);
  ASSERT_TRUE(verdict);
  EXPECT_EQ((*verdict)->name, "function:ann");
  EXPECT_EQ((*verdict)->provider, policy::Provider::function);
  EXPECT_EQ((*verdict)->claims.text("tier"), "gold");
  EXPECT_EQ((*verdict)->denied_fields, (std::vector<std::string>{"Note.body", "Mutation.createNote"}));
  EXPECT_EQ(
      server.last_body(),
      R"({"authorizationToken":"let-me","requestContext":{"apiId":"tenon","accountId":"","requestId":"r1",)"
      R"("queryString":"{ a }","operationName":"","variables":{"n":1.50}}})");
  for (int i = 0; i < 10; ++i) authenticator.ask(request);
  EXPECT_EQ(server.requests(), 1);  // the verdict is kept
  EXPECT_TRUE(authenticator.ask_another_worker(request));
  EXPECT_EQ(server.requests(), 1);  // for all workers
  server.serve("/authorize", R"({"isAuthorized":false,"ttlOverride":0})");
  EXPECT_EQ(said(authenticator.ask("other")), "refused by the authorizer");
  EXPECT_EQ(said(authenticator.ask("other")), "refused by the authorizer");
  EXPECT_EQ(server.requests(), 3);  // nothing of it is kept
}

TEST(Authorizer, ThatAnswersLateOrWronglyLetsNobodyIn) {
  TestServer server;
  TrustOptions options;
  options.authorizer = AuthorizerOptions{.url = net::parse_http_url(server.url() + "/authorize").value(),
                                         .trust = net::trust_system().value(),
                                         .timeout = 60s};
  TestAuthenticator authenticator(options);
  for (const char* answer :
       {"", "true", "[]", R"({"isAuthorized":"true"})", R"({"isAuthorized":1})", R"({"authorized":true})",
        R"({"isAuthorized":true,"deniedFields":"all"})", R"({"isAuthorized":true,"deniedFields":[1]})",
        R"({"isAuthorized":true,"resolverContext":"x"})", R"({"isAuthorized":true,"ttlOverride":-1})",
        R"({"isAuthorized":true,"ttlOverride":1.5})"}) {
    server.serve("/authorize", answer);
    EXPECT_EQ(said(authenticator.ask("t")), "the authorizer failed") << answer;
  }
  server.serve("/authorize", R"({"isAuthorized":true})", 500);
  EXPECT_EQ(said(authenticator.ask("t")), "the authorizer failed");
  server.serve("/authorize", R"({"isAuthorized":true})");
  EXPECT_EQ(said(authenticator.ask("t")), "let in function");
  options.authorizer->timeout = 200ms;
  TestAuthenticator in_a_hurry(options);
  server.delay(1h);
  EXPECT_EQ(said(in_a_hurry.ask("t")), "the authorizer failed");
  server.delay(0ms);
  EXPECT_EQ(eventually("let in function", in_a_hurry, "t"), "let in function");
}

}  // namespace
}  // namespace tenon::identity
