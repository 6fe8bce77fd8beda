// When a connection gives up waiting.
#pragma once

#include <functional>
#include <memory>

#include <boost/asio/any_io_executor.hpp>
#include <boost/asio/cancellation_state.hpp>

#include "sql/connection.h"

namespace tenon::sql {

// Whether the caller left. A wait ends by that once only, and not when he leaves between two: so it is asked
// before anything is begun for him. `state` is this_coro::cancellation_state.
inline bool has_left(const boost::asio::cancellation_state& state) {
  return state.cancelled() != boost::asio::cancellation_type::none;
}

// It is set anew for each request and seldom passes: a timer for an earlier time is left to run and looks
// again when it ends, so that one request after the other starts none. For one thread.
class Deadline {
 public:
  // `on_passed` ends what is waited for. It is not called any more once this is destroyed.
  Deadline(const boost::asio::any_io_executor& executor, std::function<void()> on_passed);
  Deadline(const Deadline&) = delete;
  Deadline& operator=(const Deadline&) = delete;
  ~Deadline();

  // time_point::max(): none.
  void set(Clock::time_point at);
  // Whether the one set last has passed.
  bool passed() const;

 private:
  struct Timer;
  std::shared_ptr<Timer> timer_;
};

}  // namespace tenon::sql
