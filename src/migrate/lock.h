// One migration at a time: the lock that Prisma takes too, so that both wait for each other. PostgreSQL: an
// advisory lock of the database; MySQL: GET_LOCK('prisma_migrate'), of the whole server.
#pragma once

#include <chrono>
#include <functional>
#include <optional>

#include "base/error.h"
#include "migrate/target.h"

namespace tenon::migrate {

// Of PostgreSQL's advisory locks; Prisma's.
inline constexpr std::int64_t lock_key = 72707369;

struct LockOptions {
  std::chrono::milliseconds wait_max{300'000};
  // Called when the lock is found taken, and when it changes hands.
  std::function<void(const OtherSession&)> waits_for;
};

// Taken until the session ends. Behind a pooler a session is not ours, so there the lock is taken in each
// transaction instead (take_lock_in_transaction). P1002, naming the holder, when the time is over.
base::Result<void> take_lock(Target& target, const LockOptions& options);

// The same lock until the transaction ends. A session that holds it already gets it at once.
sql::DatabaseResult<void> take_lock_in_transaction(Target& target);

// Who holds the lock now.
std::optional<OtherSession> lock_holder(Target& target);

}  // namespace tenon::migrate
