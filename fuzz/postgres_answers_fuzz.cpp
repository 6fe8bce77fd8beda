// What a PostgreSQL server says: whatever it is, it is read within its bytes, and what is read may not depend
// on where they are cut.
#include <algorithm>
#include <cstddef>
#include <cstdint>
#include <cstdlib>
#include <cstring>
#include <string>
#include <string_view>

#include "sql/postgres/conversation.h"

namespace {

using namespace tenon::sql;
using namespace tenon::sql::postgres;
using Kind = Step::Kind;

// The steps of one exchange, picked by the bits of `which`.
void expect_steps(Conversation& conversation, unsigned which) {
  if (which % 8 == 7) return conversation.expect({.kind = Kind::text});
  const auto first = std::make_shared<PreparedStatement>();
  const auto second = std::make_shared<PreparedStatement>();
  second->columns = std::make_shared<ResultColumns>(2);
  if ((which & 1U) != 0) conversation.expect({.kind = Kind::transaction, .statement = second});
  conversation.expect({.kind = Kind::prepare, .statement = first});
  conversation.expect({.kind = Kind::call, .statement = first});
  if ((which & 2U) != 0) conversation.expect({.kind = Kind::close, .statement = first});
  conversation.expect({.kind = Kind::call, .statement = second});
  if ((which & 4U) == 0) conversation.expect({.kind = Kind::sync});
}

// Everything that was understood of `bytes`, given in pieces of `step`.
std::string read(std::string_view bytes, std::size_t step, unsigned which) {
  Conversation conversation;
  expect_steps(conversation, which);
  Inbox inbox;
  auto state = conversation.read(inbox);
  while (!bytes.empty() && state == Conversation::State::hungry) {
    const std::span<char> room = inbox.room();
    const std::size_t size = std::min({step, bytes.size(), room.size()});
    std::memcpy(room.data(), bytes.data(), size);
    inbox.add(size);
    bytes.remove_prefix(size);
    state = conversation.read(inbox);
  }
  std::string out(1, static_cast<char>('0' + static_cast<int>(state)));
  if (conversation.failure()) out += conversation.failure()->sqlstate + conversation.failure()->message;
  out += std::to_string(conversation.take_undone().size());
  for (const auto& rows : conversation.results()) {
    out += "\n" + std::to_string(rows->affected());
    std::vector<Cell> cells(rows->column_count());
    for (std::size_t i = 0; i < rows->row_count(); ++i) {
      rows->read(i, cells);
      for (const Cell& cell : cells) out.append(cell.is_null() ? "NULL" : cell.text()).append("|");
    }
  }
  return out;
}

}  // namespace

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  if (size == 0) return 0;
  const unsigned which = data[0];
  const std::string_view bytes(reinterpret_cast<const char*>(data) + 1, size - 1);
  const std::string whole = read(bytes, bytes.size() + 1, which);
  if (read(bytes, 1, which) != whole || read(bytes, 7, which) != whole) std::abort();
  return 0;
}
