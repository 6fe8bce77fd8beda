// One UPDATE or DELETE in batches: the statement again and again, narrowed to a part of its table, so that
// the locks of rows are held for a short time. The parts follow each other through the table, in passes until
// one finds nothing to change: rows may move while others write.
//
// A batch never ends somebody else's transaction: it waits for no lock long enough to be taken for a part of
// a deadlock, or not at all, and is rolled back instead.
#pragma once

#include <cstdint>
#include <memory>
#include <string>

#include "migrate/session.h"
#include "sql/script_batch.h"

namespace tenon::migrate {

struct BatchOutcome {
  std::uint64_t changed = 0;  // rows
  // Of these, rows that the condition holds for as before: the statement would come to no end.
  std::uint64_t unchanged_condition = 0;
  double share = 0;   // of the table that this pass has seen, 0 to 1
  bool moved = true;  // on the way to the end; false: it goes over rows again that others have locked
  bool last = false;
};

class BatchWalk {
 public:
  virtual ~BatchWalk() = default;
  // Begins the transaction of a batch.
  virtual sql::DatabaseResult<void> begin(Session& session) = 0;
  // Inside of it. The same batch again, until it is said to be `kept`.
  virtual sql::DatabaseResult<BatchOutcome> next(Session& session) = 0;
  // The transaction of the batch was committed.
  virtual void kept(const BatchOutcome& outcome) = 0;
  // It was rolled back, for somebody has a lock that it needs. Whether there is another part to go on with at
  // once.
  virtual bool refused() = 0;
};

// `rows`: about so many in each batch, at least one.
struct BatchWork {
  std::string statement;
  sql::BatchStatement read;
  std::uint32_t rows = 1;
};
std::unique_ptr<BatchWalk> postgres_batches(BatchWork work);
std::unique_ptr<BatchWalk> mysql_batches(BatchWork work);

}  // namespace tenon::migrate
