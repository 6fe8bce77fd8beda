#include "migrate/lock.h"

#include <algorithm>
#include <charconv>
#include <thread>

#include <fmt/format.h>

#include "base/terminal.h"

namespace tenon::migrate {

using namespace std::chrono_literals;

namespace {

constexpr auto first_pause = 50ms;
constexpr auto longest_pause = 1'000ms;

base::Error too_late(const LockOptions& options, const std::optional<OtherSession>& holder) {
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
                          "end it: SELECT pg_terminate_backend({});",
                          holder->process)};
}

}  // namespace

std::optional<OtherSession> lock_holder(Target& target) {
  const auto rows = target.session.query(
      "SELECT a.pid::text, a.application_name, a.usename::text, a.state,"
      " extract(epoch FROM now() - coalesce(a.xact_start, a.state_change, a.backend_start))::bigint::text"
      " FROM pg_catalog.pg_locks l JOIN pg_catalog.pg_stat_activity a ON a.pid = l.pid"
      " WHERE l.locktype = 'advisory' AND l.granted AND l.classid = 0 AND l.objid = $1::bigint::oid"
      " AND l.objsubid = 1 AND l.pid <> pg_catalog.pg_backend_pid()"
      " AND l.database = (SELECT oid FROM pg_catalog.pg_database WHERE datname = "
      "pg_catalog.current_database())"
      " ORDER BY a.pid LIMIT 1",
      {std::to_string(lock_key)});
  if (!rows || rows->empty()) return std::nullopt;
  const Row& row = rows->front();
  OtherSession holder{.process = row[0].value_or(""),
                      .application = row[1].value_or(""),
                      .user = row[2].value_or(""),
                      .state = row[3].value_or("")};
  const std::string seconds = row[4].value_or("0");
  std::from_chars(seconds.data(), seconds.data() + seconds.size(), holder.seconds);
  return holder;
}

// Asks again and again instead of waiting in the server: a session that waits there cannot say for whom, and
// CREATE INDEX CONCURRENTLY of the holder would wait for its snapshot in turn.
base::Result<void> take_lock(Target& target, const LockOptions& options) {
  if (target.pooled || target.without_lock) return {};
  const auto end = std::chrono::steady_clock::now() + options.wait_max;
  std::optional<OtherSession> holder;
  for (auto pause = first_pause;; pause = std::min(pause * 2, longest_pause)) {
    const auto taken = target.session.query("SELECT pg_catalog.pg_try_advisory_lock($1::bigint)",
                                            {std::to_string(lock_key)});
    if (!taken) return std::unexpected(explain(target.session, taken.error()));
    if (cell(*taken) == "t") return {};
    const auto now_held = lock_holder(target);
    if (now_held && (!holder || holder->process != now_held->process) && options.waits_for)
      options.waits_for(*now_held);
    if (now_held) holder = now_held;
    if (std::chrono::steady_clock::now() + pause > end) return std::unexpected(too_late(options, holder));
    std::this_thread::sleep_for(pause);
  }
}

sql::DatabaseResult<void> take_lock_in_transaction(Target& target) {
  if (target.without_lock) return {};
  auto taken =
      target.session.query("SELECT pg_catalog.pg_advisory_xact_lock($1::bigint)", {std::to_string(lock_key)});
  if (!taken) return std::unexpected(taken.error());
  return {};
}

}  // namespace tenon::migrate
