// Dates and times as text, between the API's form (ISO 8601 with offsets, as Amplify's scalars) and
// PostgreSQL's (DateStyle ISO). Output rewrites only what differs; input is checked and brought to UTC.
//
// Text that ISO 8601 has no common form for (infinity, years above 9999, years BC) goes out as PostgreSQL
// writes it, and is accepted in that form.
#pragma once

#include <optional>
#include <string>
#include <string_view>

namespace tenon::api {

// 2024-01-31 12:30:00.5 → "2024-01-31T12:30:00.5Z", quotes included.
void append_timestamp(std::string& out, std::string_view text);
// 2024-01-31 12:30:00+00 → "2024-01-31T12:30:00Z"; other offsets get their minutes: +02 → +02:00.
void append_timestamptz(std::string& out, std::string_view text);
// 12:30:00+00 → "12:30:00Z"
void append_timetz(std::string& out, std::string_view text);

enum class TimeZone : bool { none, kept };

// A client's text as the engine's, nullopt when it is no such value.
//   date       [-]YYYY-MM-DD, with an optional offset that is dropped
//   time       hh:mm[:ss[.1 to 9 digits]], with an optional offset: brought to UTC for a column without one
//   timestamp  date, T, time, with an optional offset (UTC without); always brought to UTC
// A negative or zero year is ISO's: 0000 is 1 BC.
std::optional<std::string> date_input(std::string_view text);
std::optional<std::string> time_input(std::string_view text, TimeZone zone);
std::optional<std::string> timestamp_input(std::string_view text, TimeZone zone);

}  // namespace tenon::api
