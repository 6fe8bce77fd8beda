#include <boost/asio/co_spawn.hpp>
#include <boost/asio/detached.hpp>
#include <boost/asio/io_context.hpp>
#include <boost/asio/steady_timer.hpp>
#include <boost/asio/use_awaitable.hpp>
#include <boost/json/array.hpp>
#include <boost/json/serialize.hpp>
#include <openssl/bn.h>
#include <openssl/core_names.h>
#include <openssl/ec.h>
#include <openssl/evp.h>
#include <openssl/hmac.h>
#include <openssl/rsa.h>

#include "base/base64.h"
#include "identity/authenticator.h"
#include "identity/keys_fixture.h"

namespace tenon::identity {

namespace asio = boost::asio;
namespace json = boost::json;

namespace {

EVP_PKEY* generate(const std::string& algorithm, unsigned bits) {
  if (algorithm.starts_with("RS") || algorithm.starts_with("PS"))
    return EVP_PKEY_Q_keygen(nullptr, nullptr, "RSA", static_cast<std::size_t>(bits));
  if (algorithm == "ES256") return EVP_PKEY_Q_keygen(nullptr, nullptr, "EC", "P-256");
  if (algorithm == "ES384") return EVP_PKEY_Q_keygen(nullptr, nullptr, "EC", "P-384");
  if (algorithm == "ES512") return EVP_PKEY_Q_keygen(nullptr, nullptr, "EC", "P-521");
  return EVP_PKEY_Q_keygen(nullptr, nullptr, "ED25519");
}

std::string number_of(EVP_PKEY* key, const char* name, std::size_t size) {
  BIGNUM* number = nullptr;
  EVP_PKEY_get_bn_param(key, name, &number);
  std::string bytes(size == 0 ? static_cast<std::size_t>(BN_num_bytes(number)) : size, '\0');
  BN_bn2binpad(number, reinterpret_cast<unsigned char*>(bytes.data()), static_cast<int>(bytes.size()));
  BN_free(number);
  return base::encode_base64url(bytes);
}

std::size_t curve_size(std::string_view algorithm) {
  return algorithm == "ES256" ? 32 : algorithm == "ES384" ? 48 : 66;
}

std::string raw_of(const std::string& der, std::size_t size) {
  const auto* at = reinterpret_cast<const unsigned char*>(der.data());
  ECDSA_SIG* signature = d2i_ECDSA_SIG(nullptr, &at, static_cast<long>(der.size()));
  std::string raw(2 * size, '\0');
  auto* bytes = reinterpret_cast<unsigned char*>(raw.data());
  BN_bn2binpad(ECDSA_SIG_get0_r(signature), bytes, static_cast<int>(size));
  BN_bn2binpad(ECDSA_SIG_get0_s(signature), bytes + size, static_cast<int>(size));
  ECDSA_SIG_free(signature);
  return raw;
}

}  // namespace

TestKey::TestKey(std::string id, std::string algorithm, unsigned bits)
    : id_(std::move(id)), algorithm_(std::move(algorithm)), key_(generate(algorithm_, bits), EVP_PKEY_free) {}

json::object TestKey::jwk() const {
  json::object jwk{{"kid", id_}, {"alg", algorithm_}, {"use", "sig"}};
  if (algorithm_.starts_with("RS") || algorithm_.starts_with("PS")) {
    jwk["kty"] = "RSA";
    jwk["n"] = number_of(key_.get(), OSSL_PKEY_PARAM_RSA_N, 0);
    jwk["e"] = number_of(key_.get(), OSSL_PKEY_PARAM_RSA_E, 0);
  } else if (algorithm_.starts_with("ES")) {
    jwk["kty"] = "EC";
    jwk["crv"] = algorithm_ == "ES256" ? "P-256" : algorithm_ == "ES384" ? "P-384" : "P-521";
    jwk["x"] = number_of(key_.get(), OSSL_PKEY_PARAM_EC_PUB_X, curve_size(algorithm_));
    jwk["y"] = number_of(key_.get(), OSSL_PKEY_PARAM_EC_PUB_Y, curve_size(algorithm_));
  } else {
    std::string bytes(32, '\0');
    std::size_t size = bytes.size();
    EVP_PKEY_get_raw_public_key(key_.get(), reinterpret_cast<unsigned char*>(bytes.data()), &size);
    jwk["kty"] = "OKP";
    jwk["crv"] = "Ed25519";
    jwk["x"] = base::encode_base64url(bytes);
  }
  return jwk;
}

std::string TestKey::sign(std::string_view text) const {
  const char* digest = algorithm_ == "EdDSA"         ? nullptr
                       : algorithm_.ends_with("256") ? "SHA256"
                       : algorithm_.ends_with("384") ? "SHA384"
                                                     : "SHA512";
  EVP_MD_CTX* context = EVP_MD_CTX_new();
  EVP_PKEY_CTX* options = nullptr;
  EVP_DigestSignInit_ex(context, &options, digest, nullptr, nullptr, key_.get(), nullptr);
  if (algorithm_.starts_with("PS")) {
    EVP_PKEY_CTX_set_rsa_padding(options, RSA_PKCS1_PSS_PADDING);
    EVP_PKEY_CTX_set_rsa_pss_saltlen(options, RSA_PSS_SALTLEN_DIGEST);
  }
  std::string signature(1024, '\0');
  std::size_t size = signature.size();
  EVP_DigestSign(context, reinterpret_cast<unsigned char*>(signature.data()), &size,
                 reinterpret_cast<const unsigned char*>(text.data()), text.size());
  EVP_MD_CTX_free(context);
  signature.resize(size);
  return algorithm_.starts_with("ES") ? raw_of(signature, curve_size(algorithm_)) : signature;
}

std::string unsigned_token(std::string_view header, std::string_view payload) {
  return base::encode_base64url(header) + "." + base::encode_base64url(payload);
}

std::string TestKey::token(const json::object& claims, const json::object& changes) const {
  json::object header{{"alg", algorithm_}, {"kid", id_}, {"typ", "JWT"}};
  for (const auto& [name, value] : changes) {
    if (value.is_null())
      header.erase(name);
    else
      header[name] = value;
  }
  const std::string text = unsigned_token(json::serialize(header), json::serialize(claims));
  return text + "." + base::encode_base64url(sign(text));
}

std::string hmac_token(const json::object& claims, std::string_view key_id, std::string_view secret) {
  const std::string text = unsigned_token(json::serialize(json::object{{"alg", "HS256"}, {"kid", key_id}}),
                                          json::serialize(claims));
  std::string mac(32, '\0');
  HMAC(EVP_sha256(), secret.data(), static_cast<int>(secret.size()),
       reinterpret_cast<const unsigned char*>(text.data()), text.size(),
       reinterpret_cast<unsigned char*>(mac.data()), nullptr);
  return text + "." + base::encode_base64url(mac);
}

std::int64_t seconds_from_now(std::int64_t seconds) {
  const auto now = SystemClock::now().time_since_epoch();
  return std::chrono::duration_cast<std::chrono::seconds>(now).count() + seconds;
}

json::object claims_for(std::string_view issuer, std::string_view subject) {
  return {{"iss", issuer}, {"sub", subject}, {"exp", seconds_from_now(600)}};
}

TestServer::TestServer() {
  server_ = std::make_unique<net::HttpServer>(
      net::HttpServerOptions{}, [this](asio::io_context&, unsigned) -> net::Handler {
        return [this](net::Request& request) { return answer(request); };
      });
  if (!server_->start()) std::abort();
}

TestServer::~TestServer() { stop(); }

void TestServer::stop() {
  if (!server_) return;
  server_->drain();
  server_->join();
  server_.reset();
}

std::string TestServer::url() const { return "http://127.0.0.1:" + std::to_string(server_->port()); }

void TestServer::serve(std::string path, std::string body, unsigned status) {
  const std::lock_guard lock(mutex_);
  answers_[std::move(path)] = {status, std::move(body)};
}

void TestServer::serve_keys(std::initializer_list<const TestKey*> keys, const std::string& path) {
  json::array list;
  for (const TestKey* key : keys) list.push_back(key->jwk());
  serve(path, json::serialize(json::object{{"keys", list}}));
}

std::string TestServer::last_body() const {
  const std::lock_guard lock(mutex_);
  return last_body_;
}

asio::awaitable<net::Response> TestServer::answer(net::Request& request) {
  ++requests_;
  asio::steady_timer timer(co_await asio::this_coro::executor);
  const auto asked = std::chrono::steady_clock::now();
  while (std::chrono::steady_clock::now() - asked < std::chrono::milliseconds(delay_ms_)) {
    timer.expires_after(std::chrono::milliseconds(5));
    co_await timer.async_wait(asio::use_awaitable);
  }
  const std::lock_guard lock(mutex_);
  last_body_ = request.body;
  const auto found = answers_.find(request.path);
  net::Response response{.status = 404};
  if (found != answers_.end()) {
    response.status = found->second.first;
    response.body = found->second.second;
    response.content_type = "application/json";
  }
  co_return response;
}

struct TestAuthenticator::State {
  explicit State(TrustOptions options) : trust(std::move(options), {}), authenticator(trust) {}
  asio::io_context context;
  Trust trust;
  Authenticator authenticator;
};

TestAuthenticator::TestAuthenticator(TrustOptions options)
    : state_(std::make_unique<State>(std::move(options))) {}
TestAuthenticator::~TestAuthenticator() = default;
const Trust& TestAuthenticator::trust() const { return state_->trust; }

namespace {
Verdict answer_of(asio::io_context& context, Authenticator& authenticator, const net::Request& request) {
  Verdict verdict = std::unexpected(Refusal::credential_missing);
  context.restart();
  asio::co_spawn(context, authenticator.authenticate(request),
                 [&](const std::exception_ptr&, Verdict said) { verdict = std::move(said); });
  context.run();
  return verdict;
}
}  // namespace

Verdict TestAuthenticator::ask(const net::Request& request) {
  return answer_of(state_->context, state_->authenticator, request);
}

Verdict TestAuthenticator::ask_another_worker(const net::Request& request) {
  Authenticator another(state_->trust);
  return answer_of(state_->context, another, request);
}

Verdict TestAuthenticator::ask(std::string_view authorization) {
  return ask(net::Request{.method = net::Method::post, .headers = {{"Authorization", authorization}}});
}

std::size_t TestAuthenticator::let_in(std::string_view authorization, std::size_t count) {
  const net::Request request{.method = net::Method::post, .headers = {{"Authorization", authorization}}};
  std::size_t good = 0;
  state_->context.restart();
  for (std::size_t i = 0; i < count; ++i)
    asio::co_spawn(state_->context, state_->authenticator.authenticate(request),
                   [&](const std::exception_ptr&, const Verdict& said) { good += said.has_value() ? 1 : 0; });
  state_->context.run();
  return good;
}

TrustOptions trusting(const std::string& issuer) {
  using namespace std::chrono_literals;
  TrustOptions options;
  options.issuers.push_back({.rules = {.issuer = issuer}, .trust = net::trust_system().value()});
  options.pace = {.timeout = 60s,
                  .refresh_interval = 10min,
                  .refetch_pause = 300ms,
                  .retry_pause = 50ms,
                  .patience = 60s};
  return options;
}

}  // namespace tenon::identity
