#include "server/server_versions.h"

#include <algorithm>

#include <boost/asio/co_spawn.hpp>
#include <boost/asio/detached.hpp>
#include <boost/asio/io_context.hpp>

#include "sql/open.h"

namespace tenon::server {

namespace asio = boost::asio;
using namespace std::chrono_literals;

namespace {

constexpr auto ask_interval = 5s;
constexpr auto ask_patience = 1s;

asio::awaitable<void> ask(sql::DatabaseUrl url, sql::Clock::time_point deadline,
                          std::optional<sql::ServerVersion>& version) {
  auto connection = co_await sql::connect(std::move(url), {}, deadline);
  if (connection) version = (*connection)->server_version();
}

}  // namespace

api::ServerVersions ask_versions(const DatabaseUrls& urls, std::chrono::milliseconds patience) {
  api::ServerVersions versions(urls.size());
  asio::io_context context(1);
  const sql::Clock::time_point deadline = sql::Clock::now() + patience;
  for (std::size_t i = 0; i < urls.size(); ++i)
    if (urls[i]) asio::co_spawn(context, ask(*urls[i], deadline, versions[i]), asio::detached);
  context.run();
  return versions;
}

LateServers::LateServers(DatabaseUrls urls, api::ServerVersions known)
    : urls_(std::move(urls)), known_(std::move(known)), next_(sql::Clock::now() + ask_interval) {
  known_.resize(urls_.size());
}

bool LateServers::ask() {
  const bool all = std::ranges::all_of(known_, [](const auto& version) { return version.has_value(); });
  if (all || sql::Clock::now() < next_) return false;
  DatabaseUrls asked = urls_;
  for (std::size_t i = 0; i < asked.size(); ++i)
    if (known_[i]) asked[i].reset();
  const api::ServerVersions answers = ask_versions(asked, ask_patience);
  bool answered = false;
  for (std::size_t i = 0; i < answers.size(); ++i) {
    if (!answers[i]) continue;
    known_[i] = answers[i];
    answered = true;
  }
  next_ = sql::Clock::now() + ask_interval;
  return answered;
}

}  // namespace tenon::server
