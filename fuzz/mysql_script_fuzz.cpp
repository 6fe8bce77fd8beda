// Scripts as migrations hold them: whatever they are, statements lie in the script, in order and apart.
#include <cstdlib>

#include "sql/mysql/script.h"

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  const std::string_view script(reinterpret_cast<const char*>(data), size);
  std::size_t behind = 0;
  for (const auto& statement : tenon::sql::mysql::split_script(script)) {
    if (statement.begin < behind || statement.end <= statement.begin || statement.end > size) std::abort();
    behind = statement.end;
    tenon::sql::place_in(script, statement.begin);
  }
  return 0;
}
