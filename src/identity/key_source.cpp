#include "identity/key_source.h"

#include <algorithm>

#include <boost/asio/as_tuple.hpp>
#include <boost/asio/co_spawn.hpp>
#include <boost/asio/detached.hpp>
#include <boost/asio/post.hpp>
#include <boost/asio/this_coro.hpp>
#include <boost/asio/use_awaitable.hpp>
#include <fmt/format.h>

#include "base/codes.h"

namespace tenon::identity {

namespace asio = boost::asio;
using graphql::JsonKind;
using graphql::JsonValue;

namespace {

constexpr std::chrono::milliseconds look_interval{20};  // of who waits for another thread's fetch
constexpr auto tuple = asio::as_tuple(asio::use_awaitable);

std::unexpected<base::Error> unusable(std::string message) {
  return base::fail(base::code::key_set_unusable, std::move(message));
}

std::string without_slash(std::string_view issuer) {
  while (issuer.ends_with('/')) issuer.remove_suffix(1);
  return std::string(issuer);
}

// The document's `jwks_uri`, if it is the document of this issuer.
base::Result<net::HttpUrl> key_set_url(std::string_view document, const std::string& issuer) {
  const auto json = graphql::parse_json(document);
  if (!json || (*json)[0].kind != JsonKind::object)
    return unusable("The issuer's configuration is no JSON object.");
  const JsonValue root(*json);
  const JsonValue named = root.member("issuer");
  const JsonValue place = root.member("jwks_uri");
  if (!named || named.kind() != JsonKind::string || named->text != issuer)
    return unusable("The issuer's configuration is that of another issuer.");
  if (!place || place.kind() != JsonKind::string)
    return unusable("The issuer's configuration names no jwks_uri.");
  auto url = net::parse_http_url(place->text);
  if (url && !url->tls && !url->is_loopback()) return unusable("The issuer's jwks_uri is no https:// URL.");
  return url;
}

}  // namespace

KeySource::KeySource(asio::io_context& background, KeySourceOptions options)
    : options_(std::move(options)), background_(background), timer_(background) {}

void KeySource::run() { asio::co_spawn(background_, keep(), asio::detached); }

std::shared_ptr<const KeySet> KeySource::keys() const {
  const std::lock_guard lock(mutex_);
  return keys_;
}

bool KeySource::ask() {
  {
    const std::lock_guard lock(mutex_);
    if (fetching_ || asked_) return true;
    if (started_ != Clock::time_point::min() && Clock::now() - started_ < options_.pace.refetch_pause)
      return false;
    asked_ = true;
  }
  asio::post(background_, [this] { timer_.cancel(); });
  return true;
}

asio::awaitable<void> KeySource::keep() {
  std::chrono::milliseconds retry_pause = options_.pace.retry_pause;
  for (;;) {
    {
      const std::lock_guard lock(mutex_);
      fetching_ = true;
      asked_ = false;
      started_ = Clock::now();
    }
    auto fetched = co_await fetch();
    const bool good = fetched.has_value();
    store(std::move(fetched));
    timer_.expires_after(good ? options_.pace.refresh_interval : retry_pause);
    retry_pause = good ? options_.pace.retry_pause : std::min(2 * retry_pause, base::key_set_retry_pause_max);
    bool asked = false;
    {
      const std::lock_guard lock(mutex_);
      asked = asked_;
    }
    if (!asked) co_await timer_.async_wait(tuple);
  }
}

void KeySource::store(base::Result<KeySet> fetched) {
  const std::string problem = fetched ? "" : fetched.error().message;
  const bool changes = failing_ != !fetched.has_value();
  failing_ = !fetched.has_value();
  {
    const std::lock_guard lock(mutex_);
    if (fetched) {
      keys_ = std::make_shared<const KeySet>(*std::move(fetched));
      version_.fetch_add(1, std::memory_order_release);
    }
    fetching_ = false;
    attempts_.fetch_add(1, std::memory_order_release);
  }
  if (changes && options_.report) options_.report(options_.issuer, problem);
}

asio::awaitable<base::Result<KeySet>> KeySource::fetch() {
  std::optional<net::HttpUrl> url = options_.url ? options_.url : discovered_;
  if (!url) {
    auto found = co_await discover();
    if (!found) co_return std::unexpected(found.error());
    url = *std::move(found);
  }
  const auto text = co_await read(*url);
  if (!text) {
    discovered_.reset();  // it may have moved
    co_return std::unexpected(text.error());
  }
  auto keys = KeySet::parse(*text);
  if (keys && !options_.url) discovered_ = std::move(url);
  co_return keys;
}

asio::awaitable<base::Result<net::HttpUrl>> KeySource::discover() {
  const std::string base = without_slash(options_.issuer);
  auto place = net::parse_http_url(base + "/.well-known/openid-configuration");
  if (!place) co_return std::unexpected(place.error());
  const auto document = co_await read(*std::move(place));
  if (document) co_return key_set_url(*document, options_.issuer);
  co_return net::parse_http_url(base + "/.well-known/jwks.json");
}

asio::awaitable<base::Result<std::string>> KeySource::read(net::HttpUrl url) {
  const std::string authority = url.authority();
  auto answer = co_await net::http_exchange(
      std::move(url), {.timeout = options_.pace.timeout, .answer_bytes_max = base::key_set_bytes_max},
      options_.trust);
  if (!answer) co_return std::unexpected(answer.error());
  if (answer->status != 200)
    co_return unusable(fmt::format("{} answered with status {}.", authority, answer->status));
  co_return std::move(answer->body);
}

asio::awaitable<std::shared_ptr<const PublicKey>> find_key(KeySource& source,
                                                           std::optional<std::string_view> id,
                                                           Algorithm algorithm) {
  const auto look = [&]() -> std::shared_ptr<const PublicKey> {
    const auto keys = source.keys();
    const PublicKey* found = keys ? keys->find(id, algorithm) : nullptr;
    return found != nullptr ? std::shared_ptr<const PublicKey>(keys, found) : nullptr;
  };
  if (auto found = look()) co_return found;
  const std::uint64_t before = source.attempts();
  if (!source.ask()) co_return look();  // a fetch may have ended since
  asio::steady_timer timer(co_await asio::this_coro::executor);
  const auto give_up = std::chrono::steady_clock::now() + source.pace().patience;
  while (source.attempts() == before && std::chrono::steady_clock::now() < give_up) {
    timer.expires_after(look_interval);
    if (const auto [stopped] = co_await timer.async_wait(tuple); stopped) co_return nullptr;
  }
  co_return look();
}

}  // namespace tenon::identity
