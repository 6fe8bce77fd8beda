#include "server/operation_texts.h"

#include <utility>

#include "base/hash.h"

namespace tenon::server {

namespace {

constexpr std::size_t entry_weight = 200;  // of what a cache needs beside the text

std::unexpected<graphql::Error> refuse(std::string message, std::string_view code) {
  return std::unexpected(graphql::Error{.message = std::move(message), .code = code});
}

// Apollo's clients know these two by their messages.
std::unexpected<graphql::Error> not_found() {
  return refuse("PersistedQueryNotFound", code::persisted_query_not_found);
}
std::unexpected<graphql::Error> not_supported() {
  return refuse("PersistedQueryNotSupported", code::persisted_query_not_supported);
}

std::unexpected<graphql::Error> not_allowed() {
  return refuse("This server answers only the operations of its project, and this is none of them.",
                code::operation_not_allowed);
}

bool has_hash(std::string_view text, std::string_view hash) {
  const auto digest = base::sha256(text);
  return base::hex({reinterpret_cast<const char*>(digest.data()), digest.size()}) == hash;
}

}  // namespace

std::shared_ptr<const std::string> RegisteredOperations::find(const base::Hash128& key) {
  const std::lock_guard lock(mutex_);
  const auto* found = texts_.find(key);
  return found == nullptr ? nullptr : *found;
}

void RegisteredOperations::add(const base::Hash128& key, std::string_view text) {
  auto kept = std::make_shared<const std::string>(text);
  const std::lock_guard lock(mutex_);
  if (texts_.find(key) == nullptr) texts_.put(key, std::move(kept), text.size() + entry_weight);
}

std::expected<OperationText, graphql::Error> OperationTexts::choose(const graphql::Request& request,
                                                                    const base::DocumentLimits& limits) {
  if (!request.document_id.empty()) {
    const std::string* known = rules_.known ? rules_.known->find(request.document_id) : nullptr;
    if (known == nullptr) return not_found();
    return OperationText{.text = *known, .kept = {rules_.known, known}};
  }
  if (!request.persisted_hash.empty()) {
    const std::string* known = rules_.known ? rules_.known->find(request.persisted_hash) : nullptr;
    if (known != nullptr) return OperationText{.text = *known, .kept = {rules_.known, known}};
    if (!rules_.only_known) return by_hash(request);
    if (!request.has_query) return not_found();
  }
  if (rules_.only_known && !is_known(request.query, limits)) return not_allowed();
  return OperationText{.text = request.query};
}

std::expected<OperationText, graphql::Error> OperationTexts::by_hash(const graphql::Request& request) {
  if (!rules_.automatic) {
    if (!request.has_query) return not_supported();
    return OperationText{.text = request.query};
  }
  const base::Hash128 key = base::hash128(request.persisted_hash);
  if (!request.has_query) {
    auto found = registered_->find(key);
    if (!found) return not_found();
    return OperationText{.text = *found, .kept = std::move(found)};
  }
  if (!has_hash(request.query, request.persisted_hash))
    return refuse("provided sha does not match query", graphql::code::bad_request);
  return OperationText{.text = request.query, .register_as = key};
}

bool OperationTexts::is_known(std::string_view text, const base::DocumentLimits& limits) {
  if (!rules_.known) return false;
  const base::Hash128 key = base::hash128(text);
  if (const bool* seen = known_texts_.find(key)) return *seen;
  return known_texts_.put(key, rules_.known->holds(text, limits), entry_weight);
}

void OperationTexts::remember(const OperationText& operation) {
  if (operation.register_as) registered_->add(*operation.register_as, operation.text);
}

void OperationTexts::set_rules(OperationRules rules) {
  rules_ = std::move(rules);
  known_texts_.clear();
}

}  // namespace tenon::server
