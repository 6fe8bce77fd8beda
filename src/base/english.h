// Plural forms of English nouns, as the `pluralize` package that Amplify uses makes them: person → people,
// status → statuses, news → news. Only the last word of a snake_case or camelCase name changes; case is kept.
#pragma once

#include <string>
#include <string_view>

namespace tenon::base {

std::string plural(std::string_view noun);

}  // namespace tenon::base
