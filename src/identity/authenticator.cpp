#include "identity/authenticator.h"

#include "base/hash.h"
#include "identity/signed_request.h"

namespace tenon::identity {

namespace asio = boost::asio;

namespace {

constexpr std::string_view api_key_header = "x-api-key";
constexpr std::string_view authorization_header = "authorization";

// Amplify sends a token alone, others write the scheme before it.
std::string_view without_scheme(std::string_view authorization) {
  constexpr std::string_view scheme = "bearer ";
  if (authorization.size() <= scheme.size() ||
      !net::equal_ignoring_case(authorization.substr(0, scheme.size()), scheme))
    return authorization;
  authorization.remove_prefix(scheme.size());
  while (authorization.starts_with(' ')) authorization.remove_prefix(1);
  return authorization;
}

std::shared_ptr<const policy::Principal> principal_of(const TokenRules& rules, const Token& token) {
  policy::Principal principal{.provider = rules.provider,
                              .claims = policy::Claims(claims_of(graphql::JsonValue(token.payload)))};
  principal.name = "user:" + principal.claims.text("sub");
  return std::make_shared<const policy::Principal>(std::move(principal));
}

}  // namespace

asio::awaitable<Verdict> Authenticator::authenticate(const net::Request& request) {
  const std::size_t keys = request.header_count(api_key_header);
  const std::size_t texts = request.header_count(authorization_header);
  const SystemClock::time_point now = SystemClock::now();
  if (keys > 1 || texts > 1) co_return std::unexpected(Refusal::credential_ambiguous);
  if (keys == 1) {
    if (trust_.api_keys().empty()) co_return std::unexpected(Refusal::mode_off);
    co_return trust_.api_keys().find(request.header(api_key_header), now);
  }
  const std::string_view authorization = request.header(authorization_header);
  if (authorization.empty()) {
    if (texts == 0 && trust_.guest()) co_return trust_.guest();
    co_return std::unexpected(Refusal::credential_missing);
  }
  if (is_signature(authorization)) co_return by_signature(authorization, request, now);
  co_return co_await by_text(authorization, request, now);
}

asio::awaitable<Verdict> Authenticator::by_text(std::string_view authorization, const net::Request& request,
                                                SystemClock::time_point now) {
  const VerdictCache::Key key = base::sha256(authorization);
  if (const KeptVerdict* kept = cache_.find(key, now)) {
    const Issuer* issuer = kept->issuer;
    if (issuer == nullptr || issuer->keys->version() == kept->keys_version) co_return kept->verdict;
  }
  const auto token = parse_token(without_scheme(authorization));
  if (token) {
    if (const Issuer* issuer = trust_.issuer(token->issuer()))
      co_return co_await by_token(*issuer, *token, key, now);
  }
  if (trust_.authorizer()) co_return co_await by_authorizer(authorization, request, key, now);
  co_return std::unexpected(token ? Refusal::issuer_unknown : token.error());
}

asio::awaitable<Verdict> Authenticator::by_token(const Issuer& issuer, const Token& token,
                                                 const VerdictCache::Key& key, SystemClock::time_point now) {
  if (!token.algorithm) co_return std::unexpected(Refusal::algorithm_refused);
  // What costs nothing comes first: a token that is over asks no issuer for keys.
  const auto until = check_claims(issuer.rules, graphql::JsonValue(token.payload), now);
  if (!until) co_return std::unexpected(until.error());
  const std::uint64_t version = issuer.keys->version();
  const auto signing_key = co_await find_key(*issuer.keys, token.key_id, *token.algorithm);
  if (!signing_key)
    co_return std::unexpected(issuer.keys->keys() ? Refusal::signing_key_unknown : Refusal::keys_unavailable);
  if (!signing_key->verify(*token.algorithm, token.text, token.signature))
    co_return std::unexpected(Refusal::signature_wrong);
  auto principal = principal_of(issuer.rules, token);
  cache_.keep(key, {.verdict = principal, .until = *until, .issuer = &issuer, .keys_version = version});
  co_return principal;
}

asio::awaitable<Verdict> Authenticator::by_authorizer(std::string_view text, const net::Request& request,
                                                      const VerdictCache::Key& key,
                                                      SystemClock::time_point now) {
  SharedVerdicts& shared = trust_.authorizer_verdicts();
  if (const auto kept = shared.find(key, now)) {
    cache_.keep(key, *kept);
    co_return kept->verdict;
  }
  AuthorizerVerdict answer = co_await ask_authorizer(*trust_.authorizer(), text, request);
  if (answer.ttl.count() > 0) {
    const KeptVerdict kept{.verdict = answer.verdict, .until = now + answer.ttl};
    cache_.keep(key, kept);
    shared.keep(key, kept);
  }
  co_return std::move(answer.verdict);
}

Verdict Authenticator::by_signature(std::string_view authorization, const net::Request& request,
                                    SystemClock::time_point now) const {
  const auto header = parse_signature(authorization);
  if (!header) return std::unexpected(header.error());
  if (const auto fits = check_signed_request(*header, request, now); !fits)
    return std::unexpected(fits.error());
  const Service* service = trust_.service(header->access_key);
  if (service == nullptr) return std::unexpected(Refusal::access_key_unknown);
  const base::Secret& wanted = service->options.session_token;
  const std::string_view session = request.header("x-amz-security-token");
  if (wanted.empty() ? !session.empty() : !wanted.equals(session))
    return std::unexpected(Refusal::session_token_wrong);
  if (!signature_fits(*header, request, service->options.secret.reveal()))
    return std::unexpected(Refusal::signature_wrong);
  return service->principal;
}

}  // namespace tenon::identity
