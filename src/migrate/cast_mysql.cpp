// Prisma's table of type changes for MySQL.
#include <algorithm>
#include <array>
#include <cstdint>

#include "migrate/cast.h"

namespace tenon::migrate {

using namespace catalog;

namespace {

// From a row to a column, in the order of `names`: s safe, r risky, D no conversion.
constexpr std::array<std::string_view, 34> changes{
    ".srrrrrrrrrrrrsssssssrrDDDDDsssrss", "r.rrrrrrrrsssDsssssssrsDDDsDssssss",
    "rr.rrrrrrrrrDDrrrrrrrrrDDDrDrrrrrr", "ssr.rrrsrrrrDDrrrrrrrrrDDDsDrrrrrr",
    "rrsr.rrrsrrrDDrrrrrrrrrDDDrDrrrrrr", "ssrsr.rsrrrrDDrrrrrrr.rDDDsDrrrrrr",
    "rrsrsr.rsrrrDDrrrrrrrrrDDDrDrrrrrr", "rsrrrrr.rrrrrrsssssssrrDDDDDsssrss",
    "rrrrrrrr.rrrDDrrrrrrrrrDDDrDrrrrrr", "sssssDDss.ssrrsssssssDsDDDDrssssss",
    "ssssssssss.sssrrDsssssDDDDsssDDDss", "sssssssssss.ssrrDsssssDDDDsssDDDss",
    "rrrrrrrrrrrr.rsssssssrrDDDrrsssrss", "rrrrrrrrrrrrr.sssssssrrDDDrrsssrss",
    "rrrrrrrrrrrrrr.rrssssrrrrrrrsrrrss", "rrrrrrrrrrrrrrs.rssssrrrrrrrsrrrss",
    "rrrrrrrrrrrrrrss.ssssrrrrrrrssrrss", "rrrrrrrrrrrrrrsss.rssrsrrrrrsssssr",
    "rrrrrrrrrrrrrrssss.ssrsrrrrrsssssr", "rrrrrrrrrrrrrrssssr.srsrrrrrsssssr",
    "rrrrrrrrrrrrrrssssrs.rsrrrrrsssssr", "ssrsr.rsrrrrDDrrrrrrr.rDDDsDrrrrrr",
    "srssssssrsrrrrssssssss.DDDDDssDsss", "DsDDDDDDsDDDDDsssssssDD.sssDsssDss",
    "DsDDDDDDsDDDDDsssssssDDs.ssDsssDss", "sssDDDDDsDsssssssssssDssD.DDssssss",
    "sssssssssDsssssssssssssrrr.Dssssss", "DDDDDDDDDDDDDDsssssssDDDDDD.sssDss",
    "DDDDDDDDDDDDDDrrrrrrrDrDDDDD.rrrss", "DDDDDDDDDDDDDDrrrrrrrDrDDDDDs.rrsr",
    "rrrrrrrsrrsssssssssssrrDDDrDss.rss", "srssssssrsrrrrssssssssrDDDDDssD.ss",
    "DDDDDDDDDDDDDDrrrrrrrDrDDDDDsrrr.s", "DDDDDDDDDDDDDDrrrrrrrDrDDDDDsrrrs."};

constexpr std::array<std::string_view, 34> names{"Int",
                                                 "BigInt",
                                                 "UnsignedInt",
                                                 "SmallInt",
                                                 "UnsignedSmallInt",
                                                 "TinyInt",
                                                 "UnsignedTinyInt",
                                                 "MediumInt",
                                                 "UnsignedBigInt",
                                                 "Year",
                                                 "Double",
                                                 "Float",
                                                 "Decimal",
                                                 "Decimal",
                                                 "VarChar",
                                                 "VarChar",
                                                 "Char",
                                                 "Text",
                                                 "TinyText",
                                                 "MediumText",
                                                 "LongText",
                                                 "TinyInt",
                                                 "Bit",
                                                 "DateTime",
                                                 "Timestamp",
                                                 "Date",
                                                 "Time",
                                                 "Json",
                                                 "LongBlob",
                                                 "VarBinary",
                                                 "Binary",
                                                 "Bit",
                                                 "Blob",
                                                 "TinyBlob"};
constexpr std::size_t boolean_row = 21;
constexpr std::size_t boolean_bit_row = 22;
constexpr std::size_t bit_row = 31;

std::optional<std::size_t> row_of(const ColumnType& type) {
  std::string word = native_word(Engine::mysql, type);
  const bool is_default = word == "Decimal(65,30)" || word == "VarChar(191)";
  word = word.substr(0, word.find('('));
  if (type.kind == TypeKind::boolean) return word == "Bit" ? boolean_bit_row : boolean_row;
  if (word == "Bit") return bit_row;
  if (word == "UnsignedMediumInt") word = "UnsignedInt";
  if (word == "MediumBlob") word = "Blob";
  const auto found = std::ranges::find(names, word);
  if (found == names.end()) return std::nullopt;
  const auto row = static_cast<std::size_t>(found - names.begin());
  // The scalar's own length stands first, every other one second.
  return row + ((word == "Decimal" || word == "VarChar") && !is_default ? 1 : 0);
}

bool is_short_text(const ColumnType& type) {
  return type.kind == TypeKind::varchar || type.kind == TypeKind::character;
}

}  // namespace

Cast prisma_cast_mysql(Pair<const ColumnType*> types) {
  const ColumnType& from = *types.before;
  const ColumnType& to = *types.after;
  if (from.kind == TypeKind::enumeration || to.kind == TypeKind::enumeration) return Cast::risky;
  if (is_short_text(from) && is_short_text(to))
    return from.length.value_or(0) <= to.length.value_or(0) ? Cast::safe : Cast::risky;
  if (from.kind == TypeKind::decimal && to.kind == TypeKind::decimal) return Cast::risky;
  const std::optional<std::size_t> row = row_of(from);
  const std::optional<std::size_t> column = row_of(to);
  if (!row || !column) return Cast::impossible;
  switch (changes[*row][*column]) {
    case 's':
      return Cast::safe;
    case 'r':
      return Cast::risky;
    case '.':
      return from.length.value_or(0) <= to.length.value_or(0) ? Cast::safe : Cast::risky;
    default:
      return Cast::impossible;
  }
}

}  // namespace tenon::migrate
