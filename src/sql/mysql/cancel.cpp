#include "sql/mysql/cancel.h"

#include <string_view>
#include <system_error>
#include <thread>

#include <boost/asio/as_tuple.hpp>
#include <boost/asio/bind_cancellation_slot.hpp>
#include <boost/asio/steady_timer.hpp>
#include <boost/asio/this_coro.hpp>
#include <boost/asio/use_awaitable.hpp>

namespace tenon::sql::mysql {

namespace asio = boost::asio;
using namespace std::chrono_literals;

namespace {

// The single value of a query; empty when there is none.
std::string ask(MYSQL* mysql, std::string_view query) {
  std::string answer;
  if (mysql_real_query(mysql, query.data(), query.size()) != 0) return answer;
  MYSQL_RES* rows = mysql_store_result(mysql);
  if (rows == nullptr) return answer;
  if (const MYSQL_ROW row = mysql_fetch_row(rows); row != nullptr && row[0] != nullptr) answer = row[0];
  mysql_free_result(rows);
  return answer;
}

void kill(const CancelRequest::Session& session, Clock::time_point deadline) {
  ConnectionParameters parameters = *session.parameters;
  parameters.database.clear();
  const auto mysql = connect_blocking(parameters, deadline);
  if (!mysql || ask(mysql->get(), server_name_query) != session.server) return;
  // Whether it worked shows in what the connection answers.
  ask(mysql->get(), "KILL QUERY " + std::to_string(session.id));
}

}  // namespace

std::shared_ptr<CancelRequest> CancelRequest::send(Session session, Clock::time_point deadline) {
  auto request = std::make_shared<CancelRequest>();
  try {
    std::thread([request, session = std::move(session), deadline] {
      kill(session, deadline);
      request->over_.store(true, std::memory_order_release);
    }).detach();
  } catch (const std::system_error&) {
    return nullptr;
  }
  return request;
}

asio::awaitable<bool> CancelRequest::until_over(Clock::time_point deadline) const {
  asio::steady_timer pause(co_await asio::this_coro::executor);
  while (!over_.load(std::memory_order_acquire)) {
    if (Clock::now() >= deadline) co_return false;
    pause.expires_after(1ms);
    co_await pause.async_wait(
        asio::bind_cancellation_slot(asio::cancellation_slot(), asio::as_tuple(asio::use_awaitable)));
  }
  co_return true;
}

}  // namespace tenon::sql::mysql
