// Statements that change the rows of one table where a condition holds, which may do it a few at a time: as
// much of them as is needed to narrow the condition. Engines read their own language
// (postgres/script_batch.h, mysql/script_batch.h).
#pragma once

#include <cstdint>
#include <expected>
#include <string>

#include "sql/script_action.h"

namespace tenon::sql {

struct BatchStatement {
  ObjectName table;
  std::string alias;            // of the table in the statement; may be empty
  std::uint32_t condition = 0;  // byte behind WHERE; the condition reaches to the end of the statement
  bool deletes = false;
};

// Or why it is no such statement, as a part of a sentence: "it has no WHERE".
using BatchReading = std::expected<BatchStatement, std::string>;

}  // namespace tenon::sql
