// Keys that travel from one database to another. Each engine writes and accepts values in its own way, so a
// key is brought into one form first; a text that has no such form names no row there.
#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>

#include "catalog/catalog.h"

namespace tenon::api {

struct KeyForm {
  enum class Kind : std::uint8_t {
    integer,     // digits without zeros before them, from `least` to `most`
    text,        // as it is; without trailing spaces when `padded`
    identifier,  // a UUID with small letters and hyphens
  };
  Kind kind = Kind::text;
  bool padded = false;
  std::int64_t least = 0;
  std::uint64_t most = 0;
};

// For values of the column `from` that are compared with the column `to` of another database. The two are
// comparable (overlay/relations.h).
KeyForm key_form(const catalog::Catalog& catalog, catalog::ColumnId from, catalog::ColumnId to);

// `text` in that form; nullopt when it has none.
std::optional<std::string> in_form(const KeyForm& form, std::string_view text);

}  // namespace tenon::api
