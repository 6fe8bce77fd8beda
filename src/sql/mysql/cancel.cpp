#include "sql/mysql/cancel.h"

#include <string>

#include <boost/asio/as_tuple.hpp>
#include <boost/asio/bind_cancellation_slot.hpp>
#include <boost/asio/co_spawn.hpp>
#include <boost/asio/detached.hpp>
#include <boost/asio/use_awaitable.hpp>

namespace tenon::sql::mysql {

namespace asio = boost::asio;

namespace {

asio::awaitable<void> kill(std::shared_ptr<const Origin> origin, unsigned long thread_id,
                           Clock::time_point deadline) {
  auto dialled = co_await dial(std::move(origin), deadline);
  if (!dialled) co_return;
  Wire& wire = **dialled;
  const std::string text = "KILL QUERY " + std::to_string(thread_id);
  int failed = 0;
  int wanted = mysql_real_query_start(&failed, wire.mysql(), text.data(), text.size());
  while (wanted != 0) {
    int happened = 0;
    if (co_await wire.wait(wanted, Patience::stubborn, happened) != Wake::ready) wire.sever();
    wanted = mysql_real_query_cont(&failed, wire.mysql(), happened);
  }
  // Whether it worked shows in what the connection answers.
}

}  // namespace

CancelRequest::CancelRequest(asio::any_io_executor executor) : over_(executor, Clock::time_point::max()) {}

std::shared_ptr<CancelRequest> CancelRequest::send(asio::any_io_executor executor,
                                                   std::shared_ptr<const Origin> origin,
                                                   unsigned long thread_id, Clock::time_point deadline) {
  auto request = std::make_shared<CancelRequest>(executor);
  asio::co_spawn(
      executor,
      [request, origin = std::move(origin), thread_id, deadline]() -> asio::awaitable<void> {
        co_await kill(origin, thread_id, deadline);
        request->is_over_ = true;
        request->over_.cancel();
      },
      asio::detached);
  return request;
}

asio::awaitable<void> CancelRequest::until_over() {
  while (!is_over_)
    co_await over_.async_wait(
        asio::bind_cancellation_slot(asio::cancellation_slot(), asio::as_tuple(asio::use_awaitable)));
}

}  // namespace tenon::sql::mysql
