// The parser and the validator as a conversation of JSON lines, for conformance suites and other tools.
#pragma once

#include <istream>
#include <ostream>

namespace tenon::graphql {

// Answers each line of `in` with one line on `out`, until `in` ends:
//   {"id":"1","op":"parse","source":"{ a }"}                       {"id":"1","ok":true}
//   {"id":"2","op":"validate","schema":"type Query …","query":"…"} {"id":"2","errors":[…]}
// A refused source is answered with "ok":false, "message" and "locations", an invalid query with its errors.
// Documents of the type system parse too. A schema need not obey section 3, as suites have such on purpose.
// A line that is no request is answered with "error"; its "id" is null when it has none.
void run_checker(std::istream& in, std::ostream& out);

}  // namespace tenon::graphql
