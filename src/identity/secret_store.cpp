#include "identity/secret_store.h"

#include <algorithm>
#include <array>
#include <memory>
#include <stdexcept>

#include <openssl/crypto.h>
#include <openssl/evp.h>
#include <openssl/kdf.h>
#include <openssl/rand.h>

#include "base/base64.h"
#include "base/hash.h"
#include "base/json_writer.h"
#include "graphql/json.h"

namespace tenon::identity {

namespace {

using graphql::JsonKind;
using graphql::JsonValue;

// The file: this line, then base64 of salt, nonce, ciphertext and tag. The line is authenticated too.
constexpr std::string_view first_line = "tenon secrets 1\n";
constexpr std::size_t salt_bytes = 16;
constexpr std::size_t nonce_bytes = 12;
constexpr std::size_t tag_bytes = 16;
constexpr std::size_t name_bytes = 100;

using Key = std::array<unsigned char, 32>;

unsigned char* writable(std::string& bytes) { return reinterpret_cast<unsigned char*>(bytes.data()); }
const unsigned char* readable(std::string_view bytes) {
  return reinterpret_cast<const unsigned char*>(bytes.data());
}
int length(std::string_view bytes) { return static_cast<int>(bytes.size()); }

void require(bool done) {
  if (!done) throw std::runtime_error("OpenSSL does not encrypt");
}

// The key given is random, or it would not be one; the salt makes each file's own of it, so that a nonce that
// chance repeats does no harm.
Key derive(const base::Secret& secret, std::string_view salt) {
  Key key{};
  require(PKCS5_PBKDF2_HMAC(secret.reveal().data(), length(secret.reveal()), readable(salt), length(salt),
                            100'000, EVP_sha256(), static_cast<int>(key.size()), key.data()) == 1);
  return key;
}

struct ContextFreer {
  void operator()(EVP_CIPHER_CTX* context) const { EVP_CIPHER_CTX_free(context); }
};
using Context = std::unique_ptr<EVP_CIPHER_CTX, ContextFreer>;

std::string encrypt(std::string_view plain, const Key& key, std::string_view nonce) {
  const Context context(EVP_CIPHER_CTX_new());
  std::string sealed(plain.size() + tag_bytes, '\0');
  int count = 0;
  require(EVP_EncryptInit_ex(context.get(), EVP_aes_256_gcm(), nullptr, key.data(), readable(nonce)) == 1 &&
          EVP_EncryptUpdate(context.get(), nullptr, &count, readable(first_line), length(first_line)) == 1 &&
          EVP_EncryptUpdate(context.get(), writable(sealed), &count, readable(plain), length(plain)) == 1 &&
          EVP_EncryptFinal_ex(context.get(), writable(sealed) + count, &count) == 1 &&
          EVP_CIPHER_CTX_ctrl(context.get(), EVP_CTRL_GCM_GET_TAG, static_cast<int>(tag_bytes),
                              writable(sealed) + plain.size()) == 1);
  return sealed;
}

bool decrypt(std::string_view sealed, const Key& key, std::string_view nonce, std::string& plain) {
  const Context context(EVP_CIPHER_CTX_new());
  std::string tag(sealed.substr(sealed.size() - tag_bytes));
  sealed.remove_suffix(tag_bytes);
  plain.assign(sealed.size(), '\0');
  int count = 0;
  return EVP_DecryptInit_ex(context.get(), EVP_aes_256_gcm(), nullptr, key.data(), readable(nonce)) == 1 &&
         EVP_DecryptUpdate(context.get(), nullptr, &count, readable(first_line), length(first_line)) == 1 &&
         EVP_DecryptUpdate(context.get(), writable(plain), &count, readable(sealed), length(sealed)) == 1 &&
         EVP_CIPHER_CTX_ctrl(context.get(), EVP_CTRL_GCM_SET_TAG, static_cast<int>(tag_bytes), tag.data()) ==
             1 &&
         EVP_DecryptFinal_ex(context.get(), writable(plain) + plain.size(), &count) == 1;
}

std::unexpected<base::Error> unreadable(std::string message) {
  return base::fail(base::code::secrets_unreadable, std::move(message),
                    "the key is that of TENON_SECRET_KEY, else of the file secrets.key beside the secrets");
}

}  // namespace

bool SecretStore::is_name(std::string_view name) {
  return !name.empty() && name.size() <= name_bytes && std::ranges::all_of(name, [](char c) {
    return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || (c >= '0' && c <= '9') || c == '_' ||
           c == '-' || c == '.';
  });
}

base::Result<SecretStore> SecretStore::open(std::string_view text, const base::Secret& key) {
  SecretStore store;
  if (text.empty()) return store;
  if (!text.starts_with(first_line)) return unreadable("The file of secrets is none.");
  text.remove_prefix(first_line.size());
  while (text.ends_with('\n')) text.remove_suffix(1);
  const auto bytes = base::decode_base64(text);
  if (!bytes || bytes->size() < salt_bytes + nonce_bytes + tag_bytes)
    return unreadable("The file of secrets is damaged.");
  const std::string_view all = *bytes;
  Key derived = derive(key, all.substr(0, salt_bytes));
  std::string plain;
  const bool good =
      decrypt(all.substr(salt_bytes + nonce_bytes), derived, all.substr(salt_bytes, nonce_bytes), plain);
  OPENSSL_cleanse(derived.data(), derived.size());
  if (!good) return unreadable("The file of secrets was encrypted with another key, or changed since.");
  const auto json = graphql::parse_json(plain);
  OPENSSL_cleanse(plain.data(), plain.size());
  if (!json || (*json)[0].kind != JsonKind::object) return unreadable("The file of secrets is damaged.");
  for (const JsonValue member : JsonValue(*json))
    store.set(std::string(member->key), base::Secret(std::string(member->text)));
  return store;
}

std::string SecretStore::seal(const base::Secret& key) const {
  std::string plain;
  base::JsonWriter json(plain);
  json.begin_object();
  for (const auto& [name, value] : secrets_) json.member(name, std::string_view(value.reveal()));
  json.end_object();
  std::string bytes(salt_bytes + nonce_bytes, '\0');
  require(RAND_bytes(writable(bytes), length(bytes)) == 1);
  Key derived = derive(key, std::string_view(bytes).substr(0, salt_bytes));
  const std::string sealed = encrypt(plain, derived, std::string_view(bytes).substr(salt_bytes));
  OPENSSL_cleanse(derived.data(), derived.size());
  OPENSSL_cleanse(plain.data(), plain.size());
  return std::string(first_line) + base::encode_base64(bytes + sealed) + "\n";
}

const base::Secret* SecretStore::find(std::string_view name) const {
  const auto found = secrets_.find(name);
  return found == secrets_.end() ? nullptr : &found->second;
}

bool SecretStore::remove(std::string_view name) {
  const auto found = secrets_.find(name);
  if (found == secrets_.end()) return false;
  secrets_.erase(found);
  return true;
}

std::vector<std::string> SecretStore::names() const {
  std::vector<std::string> all;
  for (const auto& [name, value] : secrets_) all.push_back(name);
  return all;
}

}  // namespace tenon::identity
