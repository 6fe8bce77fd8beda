// Rows of the owner's own statements: columns by their names, and values that were promised to be of some
// type.
#pragma once

#include <memory>
#include <string>
#include <string_view>

#include "api/plan/plan.h"
#include "sql/result.h"

namespace tenon::api {

// The same rows with the cells that `own` names in front, NULL where there is no such column. Rows whose form
// is another stay as they are.
std::unique_ptr<sql::ResultSet> pick_columns(const OwnRows& own, std::unique_ptr<sql::ResultSet> rows);

// Appends the JSON of a value that a statement gave for a column of this type. False when it is none of that
// type; nothing is appended then.
bool append_result(std::string& out, const catalog::Catalog& catalog, const catalog::Column& column,
                   OutputFormat format, std::string_view text);

// Appends a row as a JSON object. Numbers, booleans and JSON stay what they are where JavaScript keeps them;
// everything else is a text, in the forms of this API's scalars.
void append_row_json(std::string& out, const sql::ResultSet& rows, std::uint32_t row);

}  // namespace tenon::api
