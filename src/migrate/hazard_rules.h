// What the engines do in place and what they do by writing every row again.
#pragma once

#include "catalog/catalog.h"
#include "migrate/pair.h"

namespace tenon::migrate {

// ADD COLUMN: PostgreSQL 11 and MySQL 8.0.12 keep a constant default beside the table; a default that differs
// from row to row, or a stored expression, is written into each.
bool adding_rewrites(catalog::Engine engine, const catalog::Column& column);

// A change of type that is more than a change of the catalogue.
bool change_rewrites(catalog::Engine engine, Pair<const catalog::ColumnType*> types);

// MySQL: a default that is another from time to time, as TIMESTAMP has it without being told. The table is
// copied when such a column becomes required.
bool has_changing_default(const catalog::Column& column);

}  // namespace tenon::migrate
