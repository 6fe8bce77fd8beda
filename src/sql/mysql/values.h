// Texts as values of the binary protocol.
#pragma once

#include <cstdint>
#include <span>
#include <vector>

#include <mysql.h>

#include "sql/mysql/program.h"

namespace tenon::sql::mysql {

// What stands for one `?`.
struct BoundValue {
  BindType type = BindType::text;
  Parameter text;
};

// Values as libmariadb binds them; refers to their texts. Kept by a connection to reuse its memory.
class Bindings {
 public:
  // Fails with Failure::invalid_value when a text is not what its type says: bound as a text it would be
  // compared as something else.
  DatabaseResult<void> bind(std::span<const BoundValue> values);
  MYSQL_BIND* data() { return binds_.data(); }

 private:
  union Storage {
    std::int64_t integer;
    std::uint64_t unsigned_integer;
    double float64;
    MYSQL_TIME time;
  };

  std::vector<MYSQL_BIND> binds_;
  std::vector<Storage> storage_;
};

}  // namespace tenon::sql::mysql
