// Tokens and key sets: whatever the bytes, nothing breaks, and a text that no key of ours has signed is never
// verified. Input: a token, perhaps a line break and a key set.
#include <cstdint>
#include <cstdlib>
#include <string_view>

#include "identity/authorizer.h"
#include "identity/public_key.h"
#include "identity/token.h"

namespace {

using namespace tenon;

// Of the examples in RFC 8037 and RFC 7515. The fuzzer has no private half, so nothing it makes is signed.
constexpr std::string_view keys = R"({"keys":[
{"kid":"e","kty":"OKP","crv":"Ed25519","x":"11qYAYKxCrfVS_7TyWQHOg7hcvPapiMlrwIaaPcHURo"},
{"kid":"p","kty":"EC","crv":"P-256","x":"f83OJ3D2xF1Bg8vub9tLe1gHMzV76e8Tus9uPHvRVEU","y":"x_FEzRu9m36HLN_tue659LNpXW6pCyStikYjKIWI5a0"}]})";

void expect(bool holds) {
  if (!holds) std::abort();
}

void check(const identity::Token& token, const identity::KeySet& set) {
  const graphql::JsonValue payload(token.payload);
  identity::claims_of(payload);
  identity::TokenRules rules{.issuer = std::string(token.issuer())};
  const auto now = identity::SystemClock::time_point(std::chrono::seconds(1'790'000'000));
  if (const auto until = identity::check_claims(rules, payload, now)) expect(*until > now);
  if (!token.algorithm) return;
  if (const identity::PublicKey* key = set.find(token.key_id, *token.algorithm))
    expect(!key->verify(*token.algorithm, token.text, token.signature));
}

}  // namespace

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  static const identity::KeySet ours = identity::KeySet::parse(keys).value();
  const std::string_view all(reinterpret_cast<const char*>(data), size);
  const std::size_t line = all.find('\n');
  const auto token = identity::parse_token(all.substr(0, line));
  if (token) check(*token, ours);
  if (line != std::string_view::npos) {
    const auto theirs = identity::KeySet::parse(all.substr(line + 1));
    if (theirs && token && token->algorithm)
      if (const identity::PublicKey* key = theirs->find(token->key_id, *token->algorithm))
        key->verify(*token->algorithm, token->text, token->signature);
    identity::read_verdict(all.substr(line + 1), std::chrono::seconds(300));
  }
  return 0;
}
