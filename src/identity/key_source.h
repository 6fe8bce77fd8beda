// The signing keys of one issuer, fetched over HTTP in the background and kept: while the issuer is away or
// slow, the keys it gave last stay good.
#pragma once

#include <atomic>
#include <chrono>
#include <cstdint>
#include <functional>
#include <memory>
#include <mutex>
#include <optional>
#include <string>

#include <boost/asio/awaitable.hpp>
#include <boost/asio/io_context.hpp>
#include <boost/asio/steady_timer.hpp>

#include "base/limits.h"
#include "identity/public_key.h"
#include "net/http_client.h"

namespace tenon::identity {

// How often, and how patiently; of base/limits.h unless a test is in a hurry.
struct KeySourcePace {
  std::chrono::milliseconds timeout = base::key_set_timeout;
  std::chrono::milliseconds refresh_interval = base::key_set_refresh_interval;
  std::chrono::milliseconds refetch_pause = base::key_set_refetch_pause;
  std::chrono::milliseconds retry_pause = base::key_set_retry_pause;
  std::chrono::milliseconds patience = base::key_set_patience;
};

struct KeySourceOptions {
  std::string issuer;
  // Unless given: what <issuer>/.well-known/openid-configuration names; where there is none,
  // <issuer>/.well-known/jwks.json.
  std::optional<net::HttpUrl> url;
  net::TlsTrust trust;
  KeySourcePace pace;
  // Called on the background thread when fetching begins to fail, with why, and with an empty text when it
  // works again.
  std::function<void(std::string_view issuer, std::string_view problem)> report;
};

class KeySource {
 public:
  // Works on `background` from run() on.
  KeySource(boost::asio::io_context& background, KeySourceOptions options);
  KeySource(const KeySource&) = delete;
  KeySource& operator=(const KeySource&) = delete;

  void run();

  // From any thread. nullptr before the first success.
  std::shared_ptr<const KeySet> keys() const;
  // Grows whenever the keys change: what was checked with earlier ones has to be checked again.
  std::uint64_t version() const { return version_.load(std::memory_order_acquire); }
  // Fetches once more, for all who ask at the same time. False when that was done just now.
  bool ask();
  // How many times fetching has ended, one way or the other.
  std::uint64_t attempts() const { return attempts_.load(std::memory_order_acquire); }
  const KeySourcePace& pace() const { return options_.pace; }

 private:
  using Clock = std::chrono::steady_clock;

  boost::asio::awaitable<void> keep();
  boost::asio::awaitable<base::Result<KeySet>> fetch();
  boost::asio::awaitable<base::Result<net::HttpUrl>> discover();
  boost::asio::awaitable<base::Result<std::string>> read(net::HttpUrl url);
  void store(base::Result<KeySet> fetched);

  KeySourceOptions options_;
  boost::asio::io_context& background_;
  boost::asio::steady_timer timer_;
  std::optional<net::HttpUrl> discovered_;
  bool failing_ = false;

  mutable std::mutex mutex_;
  std::shared_ptr<const KeySet> keys_;
  bool fetching_ = false;
  bool asked_ = false;
  Clock::time_point started_ = Clock::time_point::min();
  std::atomic<std::uint64_t> version_{0};
  std::atomic<std::uint64_t> attempts_{0};
};

// The key of a token, as a worker looks for it: when it is not there and the issuer may be asked again, waits
// for that, a moment at most.
boost::asio::awaitable<std::shared_ptr<const PublicKey>> find_key(KeySource& source,
                                                                  std::optional<std::string_view> id,
                                                                  Algorithm algorithm);

}  // namespace tenon::identity
