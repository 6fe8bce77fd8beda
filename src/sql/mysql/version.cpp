#include "sql/mysql/version.h"

#include <charconv>

namespace tenon::sql::mysql {

namespace {

constexpr std::string_view masquerade = "5.5.5-";

// Takes a number and the dot behind it off the front; zero when there is none.
std::uint32_t take_number(std::string_view& text) {
  std::uint32_t number = 0;
  const auto [end, error] = std::from_chars(text.data(), text.data() + text.size(), number);
  if (error != std::errc{}) {
    text = {};
    return 0;
  }
  text.remove_prefix(static_cast<std::size_t>(end - text.data()));
  if (text.starts_with('.')) {
    text.remove_prefix(1);
  } else {
    text = {};
  }
  return number;
}

}  // namespace

ServerVersion parse_version(std::string_view text) {
  ServerVersion version{.product = ServerVersion::Product::mysql};
  if (text.find("MariaDB") != std::string_view::npos || text.find("mariadb") != std::string_view::npos) {
    version.product = ServerVersion::Product::mariadb;
    if (text.starts_with(masquerade)) text.remove_prefix(masquerade.size());
  }
  version.major = take_number(text);
  version.minor = take_number(text);
  version.patch = take_number(text);
  return version;
}

}  // namespace tenon::sql::mysql
