// A field's @default as JSON in the forms of DMMF.
#pragma once

#include "base/json_writer.h"
#include "psl/check/resolved.h"

namespace tenon::psl::describe {

// Literals become JSON values of the field's type (64-bit integers as strings), lists arrays, functions
// {"name", "args"}.
void write_default(base::JsonWriter& json, const ScalarField& field);

// The double that Prisma makes of a decimal: its digits as a whole number, divided by a power of ten, and so
// not always the nearest one. 9.9999999 is 9.999999899999999.
double decimal_value(std::string_view text);

// A date and time of RFC 3339 with its offset in numbers and 0, 3, 6 or 9 digits of seconds.
std::string date_time_text(std::string_view text);

}  // namespace tenon::psl::describe
