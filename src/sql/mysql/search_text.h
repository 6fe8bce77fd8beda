// What people type into a search box, as an expression of MATCH … AGAINST (… IN BOOLEAN MODE).
#pragma once

#include <string>
#include <string_view>

namespace tenon::sql::mysql {

// `lamp "warm light" -old oak or elm` → `+lamp +"warm light" -old +(oak elm)`. Whatever is no letter and no
// digit stands between words, so that no text is refused. Words that the index leaves out (shorter than
// innodb_ft_min_token_size, or stop words) are the server's affair.
std::string boolean_search(std::string_view typed);

}  // namespace tenon::sql::mysql
