// What a session in use says to the server (protocol 3.0, "Message Formats"), appended to a buffer. All
// values are text, all portals unnamed.
#pragma once

#include <span>
#include <string>
#include <string_view>

#include "sql/connection.h"

namespace tenon::sql::postgres {

// Texts in front of `parameters` must not hold NUL; see fits() for the parameters.
void append_parse(std::string& out, std::string_view name, std::string_view text);
void append_describe_statement(std::string& out, std::string_view name);
void append_bind(std::string& out, std::string_view statement, std::span<const Parameter> parameters);
void append_execute(std::string& out);  // all rows
void append_close_statement(std::string& out, std::string_view name);
void append_flush(std::string& out);
void append_sync(std::string& out);
void append_query(std::string& out, std::string_view text);  // the simple protocol

// Whether one Bind message can carry them.
bool fits(std::span<const Parameter> parameters);

}  // namespace tenon::sql::postgres
