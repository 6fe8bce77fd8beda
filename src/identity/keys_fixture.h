// For tests: keys made on the spot, tokens signed with them, and an issuer that serves its key set.
#pragma once

#include <atomic>
#include <chrono>
#include <cstddef>
#include <map>
#include <memory>
#include <mutex>
#include <string>
#include <string_view>

#include <boost/json/object.hpp>

#include "identity/trust.h"
#include "identity/verdict_cache.h"
#include "net/http_server.h"

struct evp_pkey_st;

namespace tenon::identity {

class TestKey {
 public:
  // "RS256" … "EdDSA"; of RSA the size in bits.
  TestKey(std::string id, std::string algorithm, unsigned bits = 2048);

  boost::json::object jwk() const;
  const std::string& id() const { return id_; }
  const std::string& algorithm() const { return algorithm_; }
  // The signature as JWS has it.
  std::string sign(std::string_view text) const;
  // A token of these claims; members of `header` replace alg and kid, null removes them.
  std::string token(const boost::json::object& claims, const boost::json::object& header = {}) const;

 private:
  std::string id_;
  std::string algorithm_;
  std::shared_ptr<evp_pkey_st> key_;
};

// header.payload, to be signed.
std::string unsigned_token(std::string_view header, std::string_view payload);
// One of HS256 with this secret, to confuse algorithms with.
std::string hmac_token(const boost::json::object& claims, std::string_view key_id, std::string_view secret);
// iss, sub and an exp in the future.
boost::json::object claims_for(std::string_view issuer, std::string_view subject = "u1");
std::int64_t seconds_from_now(std::int64_t seconds);

// Answers at paths of its own with what it was told last; any path not told is 404.
class TestServer {
 public:
  TestServer();
  ~TestServer();

  std::string url() const;  // http://127.0.0.1:port
  void serve(std::string path, std::string body, unsigned status = 200);
  void serve_keys(std::initializer_list<const TestKey*> keys,
                  const std::string& path = "/.well-known/jwks.json");
  // How long each answer takes; a shorter one holds for those under way, too.
  void delay(std::chrono::milliseconds time) { delay_ms_ = time.count(); }
  std::size_t requests() const { return requests_; }
  std::string last_body() const;
  void stop();

 private:
  boost::asio::awaitable<net::Response> answer(net::Request& request);

  mutable std::mutex mutex_;
  std::map<std::string, std::pair<unsigned, std::string>, std::less<>> answers_;
  std::string last_body_;
  std::atomic<std::int64_t> delay_ms_{0};
  std::atomic<std::size_t> requests_{0};
  std::unique_ptr<net::HttpServer> server_;
};

// What the authenticator says to a request, on an io_context made for it. The authenticator stays, so that
// what it keeps is seen.
class TestAuthenticator {
 public:
  explicit TestAuthenticator(TrustOptions options);
  ~TestAuthenticator();

  Verdict ask(const net::Request& request);
  Verdict ask(std::string_view authorization);
  // What another worker's authenticator says, that has seen nothing yet.
  Verdict ask_another_worker(const net::Request& request);
  // Many at one time.
  std::size_t let_in(std::string_view authorization, std::size_t count);
  const Trust& trust() const;

 private:
  struct State;
  std::unique_ptr<State> state_;
};

// One issuer, waited for as long as a busy machine needs.
TrustOptions trusting(const std::string& issuer);

}  // namespace tenon::identity
