#include "migrate/lock.h"

#include <algorithm>
#include <thread>

#include <fmt/format.h>

#include "base/terminal.h"

namespace tenon::migrate {

using namespace std::chrono_literals;

namespace {

constexpr auto first_pause = 50ms;
constexpr auto longest_pause = 1'000ms;

base::Error too_late(const Target& target, const LockOptions& options,
                     const std::optional<OtherSession>& holder) {
  const std::string time = base::human_duration(options.wait_max);
  if (!holder)
    return {.code = base::code::database_timeout,
            .message = fmt::format("The lock of migrations was not free within {}.", time),
            .help = "try again; --lock-timeout waits longer"};
  return {
      .code = base::code::database_timeout,
      .message = fmt::format("Another migration holds the lock, and did not end within {}: {}.", time,
                             to_string(*holder)),
      .help = fmt::format("wait for it, with a longer --lock-timeout; or when nobody is behind it any more, "
                          "end it: {}",
                          target.server().ending(holder->process))};
}

}  // namespace

std::optional<OtherSession> lock_holder(Target& target) {
  return target.server().lock_holder(target.session);
}

// Asks again and again instead of waiting in the server: a session that waits there cannot say for whom, and
// CREATE INDEX CONCURRENTLY of the holder would wait for its snapshot in turn.
base::Result<void> take_lock(Target& target, const LockOptions& options) {
  if (target.pooled || target.without_lock) return {};
  const auto end = std::chrono::steady_clock::now() + options.wait_max;
  std::optional<OtherSession> holder;
  for (auto pause = first_pause;; pause = std::min(pause * 2, longest_pause)) {
    const auto taken = target.server().try_lock(target.session);
    if (!taken) return std::unexpected(explain(target.session, taken.error()));
    if (*taken) return {};
    const auto now_held = lock_holder(target);
    if (now_held && (!holder || holder->process != now_held->process) && options.waits_for)
      options.waits_for(*now_held);
    if (now_held) holder = now_held;
    if (std::chrono::steady_clock::now() + pause > end)
      return std::unexpected(too_late(target, options, holder));
    std::this_thread::sleep_for(pause);
  }
}

sql::DatabaseResult<void> take_lock_in_transaction(Target& target) {
  if (target.without_lock) return {};
  return target.server().lock_transaction(target.session);
}

}  // namespace tenon::migrate
