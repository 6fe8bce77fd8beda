// Values that the client side of a database makes on insert: the identifiers of the schema language's
// uuid(), cuid(), nanoid() and ulid(), and the current time for @updatedAt.
#pragma once

#include <string>

#include "api/values/time_text.h"
#include "catalog/catalog.h"

namespace tenon::api {

// Argument: version or length, 0 when not given, as in the schema language.
std::string make_identifier(const catalog::ClientDefault& kind);

// Amplify's createdAt and updatedAt, where they are columns for points in time.
bool is_time_of_change(const catalog::Column& column);

// 2024-01-01 00:00:00.123+00, which every time type of PostgreSQL takes, or without the offset.
std::string current_time_text(TimeZone zone);

}  // namespace tenon::api
