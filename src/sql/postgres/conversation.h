// What was sent in one exchange and what the server answered to it: a list of steps, answered in order. Pure:
// takes messages out of an inbox and knows no socket.
#pragma once

#include <cstdint>
#include <optional>
#include <utility>
#include <vector>

#include "sql/connection.h"
#include "sql/error.h"
#include "sql/postgres/inbox.h"
#include "sql/postgres/statement_cache.h"
#include "sql/result.h"

namespace tenon::sql::postgres {

struct Step {
  enum class Kind : std::uint8_t {
    transaction,  // a statement that begins or ends a unit; its rows are of no interest
    call,         // a statement whose rows are wanted
    prepare,      // parse and describe
    close,        // a prepared statement that is not used any more
    sync,
    text,  // any number of statements in the simple protocol
  };
  Kind kind = Kind::sync;
  Prepared statement = nullptr;
  ResultLimits limits = {};  // of a call
};

// How the server sees the session, from its last ReadyForQuery.
enum class Readiness : std::uint8_t { unknown, idle, in_transaction };

class Conversation {
 public:
  // Forgets everything: the next exchange begins.
  void start();
  // What was sent to the server after what it is expected to answer before.
  void expect(Step step);

  enum class State : std::uint8_t {
    answered,  // all steps are, or will not be: the server waits for a sync that was not sent
    hungry,    // for more bytes
    overfull,  // a result is more than its limits: told once, then its rows are passed over
    broken,    // the server said what it may not say here; failure() tells
  };
  // Takes messages until one of these. Never more than belong to the steps.
  State read(Inbox& inbox);

  bool sync_expected() const { return sync_expected_; }
  bool heard() const { return heard_; }          // some answer came
  bool overfull() const { return overfull_; }    // a result was; failure() tells
  bool committed() const { return committed_; }  // the server said so: what comes after does not undo it
  Readiness readiness() const { return readiness_; }
  Results& results() { return results_; }
  std::optional<DatabaseError>& failure() { return failure_; }
  // Steps that the server refused or skipped, since the last time.
  std::vector<Step> take_undone() { return std::exchange(undone_, {}); }

 private:
  bool take(const Message& message, const Inbox& inbox);
  bool take_parameters(std::string_view body);
  bool take_description(std::string_view body, const Inbox& inbox);
  bool take_row(const Message& message);
  // … and says so once.
  bool is_beyond_limits(std::uint64_t rows, std::uint64_t bytes);
  bool take_end(std::string_view tag, const Inbox& inbox);
  bool take_readiness(std::string_view body);
  void take_error(std::string_view body);
  bool refuse(std::string message);
  Step& step() { return steps_[at_]; }

  std::vector<Step> steps_;
  std::size_t at_ = 0;  // the step whose answer is awaited
  bool sync_expected_ = false;
  bool heard_ = false;
  bool overfull_ = false;
  bool committed_ = false;
  Readiness readiness_ = Readiness::unknown;
  std::uint32_t calls_answered_ = 0;
  std::unique_ptr<RowSet> rows_;  // of the statement being answered
  std::uint64_t row_bytes_ = 0;   // its rows'
  Results results_;
  std::optional<DatabaseError> failure_;
  std::vector<Step> undone_;
};

}  // namespace tenon::sql::postgres
