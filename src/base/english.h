// Plural forms of English nouns, as the `pluralize` package that Amplify uses makes them: person → people,
// status → statuses, news → news. A name of several words is taken as a whole and its end decides:
// order_line → order_lines, OrderStatus → OrderStatuses. Case is kept.
#pragma once

#include <string>
#include <string_view>

namespace tenon::base {

std::string plural(std::string_view noun);

}  // namespace tenon::base
