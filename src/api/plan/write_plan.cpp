#include "api/plan/write_plan.h"

namespace tenon::api {

catalog::TableId WriteStep::table() const {
  if (const auto* select = std::get_if<sql::Select>(&statement)) return select->from;
  if (const auto* insert = std::get_if<sql::Insert>(&statement)) return insert->table;
  if (const auto* update = std::get_if<sql::Update>(&statement)) return update->table;
  if (const auto* own = std::get_if<sql::OwnStatement>(&statement)) return own->table;
  return std::get<sql::Delete>(statement).table;
}

}  // namespace tenon::api
