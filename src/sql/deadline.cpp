#include "sql/deadline.h"

#include <utility>

#include <boost/asio/steady_timer.hpp>

namespace tenon::sql {

struct Deadline::Timer : std::enable_shared_from_this<Timer> {
  Timer(const boost::asio::any_io_executor& executor, std::function<void()> call)
      : on_passed(std::move(call)), timer(executor) {}

  void start(Clock::time_point at);
  void ended();

  std::function<void()> on_passed;
  boost::asio::steady_timer timer;
  Clock::time_point deadline = Clock::time_point::max();
  Clock::time_point runs_until = Clock::time_point::max();  // max: it does not run
  bool passed = false;
};

void Deadline::Timer::start(Clock::time_point at) {
  runs_until = at;
  timer.expires_at(at);
  timer.async_wait([weak = weak_from_this(), at](const boost::system::error_code& error) {
    const auto self = weak.lock();
    if (!error && self && self->runs_until == at) self->ended();
  });
}

void Deadline::Timer::ended() {
  runs_until = Clock::time_point::max();
  if (deadline == Clock::time_point::max()) return;
  if (Clock::now() < deadline) return start(deadline);
  passed = true;
  on_passed();
}

Deadline::Deadline(const boost::asio::any_io_executor& executor, std::function<void()> on_passed)
    : timer_(std::make_shared<Timer>(executor, std::move(on_passed))) {}

Deadline::~Deadline() = default;

void Deadline::set(Clock::time_point at) {
  timer_->deadline = at;
  timer_->passed = false;
  if (at < timer_->runs_until) timer_->start(at);
}

bool Deadline::passed() const { return timer_->passed; }

}  // namespace tenon::sql
