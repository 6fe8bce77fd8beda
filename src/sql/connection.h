// The seam to an engine at run time: a connection that runs exchanges, and a pool of them. Implementations
// live in sql/<engine>/; nobody above this file knows which one it talks to.
#pragma once

#include <chrono>
#include <cstdint>
#include <memory>
#include <optional>
#include <span>
#include <string>
#include <string_view>
#include <vector>

#include <boost/asio/awaitable.hpp>

#include "base/hash.h"
#include "sql/error.h"
#include "sql/result.h"
#include "sql/server_version.h"

namespace tenon::sql {

using Clock = std::chrono::steady_clock;

// What an engine runs for a statement that is more than one text to it. Only the engine whose dialect made it
// looks inside (sql/mysql/program.h).
struct Program {
  virtual ~Program() = default;
};

// A rendered statement: made once, prepared once per connection, run many times. Shared by all plans that
// produce the same text.
struct Statement {
  std::string text;    // with the engine's own placeholders; of a program, for people
  base::Hash128 hash;  // of `text`
  std::uint32_t parameter_count = 0;
  std::shared_ptr<const Program> program = nullptr;
};

// A bound value in the engine's text format; nullopt is NULL. The caller keeps the text alive until the
// exchange returns.
using Parameter = std::optional<std::string_view>;

// How much of a statement's result is taken. With more the statement is stopped, and its exchange fails with
// Failure::too_large. Zero: no limit of its own.
struct ResultLimits {
  std::uint64_t rows_max = 0;
  std::uint64_t bytes_max = 0;  // as they come over the wire

  bool any() const { return rows_max > 0 || bytes_max > 0; }
  // Nothing when so much may be taken, else how much may be, for a message.
  std::optional<std::string> exceeded(std::uint64_t rows, std::uint64_t bytes) const;
};

struct Call {
  const Statement* statement = nullptr;
  std::span<const Parameter> parameters;
  ResultLimits limits = {};
};

// How an exchange starts and ends a unit of work on its connection.
enum class Begin : std::uint8_t {
  none,             // no explicit transaction, or one is already open
  snapshot_read,    // REPEATABLE READ, READ ONLY: all statements see one state
  read_write,       // the default isolation level
  repeatable_read,  // reading and writing on one snapshot; may fail with Failure::serialization
  serializable,
};
enum class End : std::uint8_t {
  finish,     // commit what was begun (by this or an earlier exchange) and be idle again
  keep_open,  // another exchange of the same unit follows
  roll_back,
};

// What an engine says about a statement that it has not run.
struct Description {
  struct Column {
    std::string name;
    ValueType type;
  };
  std::vector<ValueType> parameters;  // empty where the engine does not say (MySQL)
  std::vector<Column> columns;        // empty: it gives no rows
};

// Statements sent together, in one round trip where the engine allows it (PostgreSQL: pipeline mode).
struct Exchange {
  std::span<const Call> calls;
  Begin begin = Begin::none;
  End end = End::finish;
  Clock::time_point deadline = Clock::time_point::max();
};

// Learns what a connection does, for traces.
class ExchangeObserver {
 public:
  virtual ~ExchangeObserver() = default;
  // An exchange is over. `results` has one result set for each call, and is empty when it failed.
  virtual void exchanged(std::span<const Call> calls, Clock::time_point start,
                         std::span<const std::unique_ptr<ResultSet>> results) = 0;
};

// Not shared between coroutines: one unit at a time.
class Connection {
 public:
  virtual ~Connection() = default;

  // Told of every exchange until the loan ends; nullptr: nobody. Outlives the loan.
  void observe(ExchangeObserver* observer) { observer_ = observer; }

  // Runs the calls in order and returns one result set for each. If one fails, or the deadline passes (the
  // running statement is then cancelled), nothing of the unit stays: it is rolled back and the connection is
  // idle, or broken() when that could not be had. Prepares each statement on first use, and again by itself
  // after DDL made the prepared form stale.
  virtual boost::asio::awaitable<DatabaseResult<Results>> run(Exchange exchange) = 0;

  // Text that is not prepared, without parameters: session set-up, LISTEN, tests.
  virtual boost::asio::awaitable<DatabaseResult<Results>> run_text(std::string_view sql,
                                                                   Clock::time_point deadline) = 0;

  // Has the engine look at a statement without running it. Outside of units.
  virtual boost::asio::awaitable<DatabaseResult<Description>> describe(const Statement& statement,
                                                                       Clock::time_point deadline);

  virtual const ServerVersion& server_version() const = 0;
  virtual bool broken() const = 0;
  // A unit was begun and is not finished.
  virtual bool in_unit() const = 0;
  // For the pool, when it lends a connection that rested: looks at the socket without waiting. False when the
  // server has closed it meanwhile.
  virtual bool still_open() { return !broken(); }

 protected:
  ExchangeObserver* observer_ = nullptr;
};

class Pool;

// A connection on loan. Goes back to its pool by itself; a broken one, or one whose unit is still open, is
// dropped instead.
class Lease {
 public:
  Lease() = default;
  Lease(Pool& pool, std::unique_ptr<Connection> connection)
      : pool_(&pool), connection_(std::move(connection)) {}
  Lease(Lease&& other) noexcept = default;
  Lease& operator=(Lease&& other) noexcept;
  ~Lease();

  Connection& operator*() const { return *connection_; }
  Connection* operator->() const { return connection_.get(); }
  explicit operator bool() const { return connection_ != nullptr; }

 private:
  void end();

  Pool* pool_ = nullptr;
  std::unique_ptr<Connection> connection_;
};

struct PoolStatistics {
  std::uint32_t open = 0;
  std::uint32_t idle = 0;
  std::uint32_t waiting = 0;
};

// Connections to one database, for one io_context: no locks, never called from another thread.
class Pool {
 public:
  virtual ~Pool() = default;

  // An idle connection, a new one, or the first that comes back before the deadline. Waiters are served in
  // order. Failure::overloaded when the queue is full or the wait too long.
  virtual boost::asio::awaitable<DatabaseResult<Lease>> acquire(Clock::time_point deadline) = 0;
  // The same when one is idle, without the cost of a coroutine. Empty: ask acquire.
  virtual Lease try_acquire() { return {}; }
  virtual PoolStatistics statistics() const = 0;
  // How long a message takes to the server and back; nullopt before the first connection, or when the pool
  // does not measure.
  virtual std::optional<Clock::duration> round_trip() const { return std::nullopt; }
  // Closes idle connections and refuses new loans; those out are closed when they come back.
  virtual void close() = 0;

 private:
  friend class Lease;
  virtual void give_back(std::unique_ptr<Connection> connection) = 0;
};

}  // namespace tenon::sql
