#include "graphql/text_pool.h"

#include <cstring>

namespace tenon::graphql {

std::string_view TextPool::intern(std::string_view text) {
  if (text.empty()) return {};
  if (const auto found = known_.find(text); found != known_.end()) return *found;
  const std::string_view kept = add(text);
  known_.insert(kept);
  return kept;
}

std::string_view TextPool::add(std::string_view text) {
  if (text.empty()) return {};
  if (text.size() > chunk_bytes / 4) {  // a chunk of its own, so that no ordinary one is left half empty
    chunks_.push_back(std::make_unique_for_overwrite<char[]>(text.size()));
    std::memcpy(chunks_.back().get(), text.data(), text.size());
    return {chunks_.back().get(), text.size()};
  }
  if (text.size() > free_) {
    chunks_.push_back(std::make_unique_for_overwrite<char[]>(chunk_bytes));
    next_ = chunks_.back().get();
    free_ = chunk_bytes;
  }
  std::memcpy(next_, text.data(), text.size());
  const std::string_view kept(next_, text.size());
  next_ += text.size();
  free_ -= text.size();
  return kept;
}

}  // namespace tenon::graphql
