// Which text a request means: its own, or that of an operation it names. Knows the project's operations and
// those that clients have registered by their hash (automatic persisted queries, as Apollo's clients speak
// them: https://www.apollographql.com/docs/apollo-server/performance/apq).
#pragma once

#include <cstddef>
#include <expected>
#include <memory>
#include <mutex>
#include <optional>
#include <string>
#include <string_view>

#include "api/lru.h"
#include "base/limits.h"
#include "graphql/error.h"
#include "graphql/request.h"
#include "server/known_operations.h"

namespace tenon::server {

// Texts that clients have sent with their hash; those used longest ago are forgotten. Shared by all workers.
class RegisteredOperations {
 public:
  explicit RegisteredOperations(std::size_t bytes_max) : texts_(bytes_max) {}

  std::shared_ptr<const std::string> find(const base::Hash128& key);
  void add(const base::Hash128& key, std::string_view text);

 private:
  std::mutex mutex_;
  api::LruCache<std::shared_ptr<const std::string>> texts_;
};

// What may be asked for; a part of what a reload changes.
struct OperationRules {
  std::shared_ptr<const KnownOperations> known;  // nullptr: the project has none
  bool only_known = false;                       // nothing else is answered
  bool automatic = true;                         // clients may register theirs
};

// `text` is the request's own, or kept by the other member.
struct OperationText {
  std::string_view text;
  std::shared_ptr<const std::string> kept = nullptr;
  std::optional<base::Hash128> register_as = std::nullopt;  // once it has proved to be an operation
};

// One for each worker.
class OperationTexts {
 public:
  OperationTexts(OperationRules rules, std::shared_ptr<RegisteredOperations> registered)
      : rules_(std::move(rules)), registered_(std::move(registered)) {}

  // Errors: PERSISTED_QUERY_NOT_FOUND (the client sends the text then), PERSISTED_QUERY_NOT_SUPPORTED,
  // OPERATION_NOT_ALLOWED, and BAD_REQUEST for a text that has another hash.
  std::expected<OperationText, graphql::Error> choose(const graphql::Request& request,
                                                      const base::DocumentLimits& limits);
  // The text ran: its hash will do from now on.
  void remember(const OperationText& operation);
  void set_rules(OperationRules rules);

 private:
  std::expected<OperationText, graphql::Error> by_hash(const graphql::Request& request);
  bool is_known(std::string_view text, const base::DocumentLimits& limits);

  OperationRules rules_;
  std::shared_ptr<RegisteredOperations> registered_;
  api::LruCache<bool> known_texts_{256 * 1024};  // so that a text is read once
};

// Codes of these refusals; those of Apollo where it has them.
namespace code {
inline constexpr std::string_view persisted_query_not_found = "PERSISTED_QUERY_NOT_FOUND";
inline constexpr std::string_view persisted_query_not_supported = "PERSISTED_QUERY_NOT_SUPPORTED";
inline constexpr std::string_view operation_not_allowed = "OPERATION_NOT_ALLOWED";
}  // namespace code

}  // namespace tenon::server
