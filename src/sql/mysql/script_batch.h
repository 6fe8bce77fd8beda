// MySQL's UPDATE and DELETE read for batches, by their words.
#pragma once

#include <string_view>

#include "sql/script_batch.h"

namespace tenon::sql::mysql {

BatchReading read_batch(std::string_view statement);

}  // namespace tenon::sql::mysql
