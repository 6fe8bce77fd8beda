#include "migrate/cast.h"

#include <algorithm>
#include <array>

#include "psl/native_types.h"

namespace tenon::migrate {

using namespace catalog;

namespace {

// The native types of scalars that are written without one, in the order of psl::Scalar.
constexpr std::array<std::string_view, 9> postgres_words{"Integer",        "BigInt",  "DoublePrecision",
                                                         "Decimal(65,30)", "Boolean", "Text",
                                                         "Timestamp(3)",   "JsonB",   "ByteA"};
constexpr std::array<std::string_view, 9> mysql_words{
    "Int",          "BigInt",      "Double", "Decimal(65,30)", "TinyInt",
    "VarChar(191)", "DateTime(3)", "Json",   "LongBlob"};

}  // namespace

std::string native_word(Engine engine, const ColumnType& type) {
  if (type.kind == TypeKind::enumeration) return "Enum";
  const psl::TypeSpelling spelling = psl::spell_type(engine, type);
  if (!spelling.scalar) return spelling.unsupported;
  if (spelling.native.empty())
    return std::string(
        (engine == Engine::mysql ? mysql_words : postgres_words)[static_cast<std::size_t>(*spelling.scalar)]);
  std::string word = spelling.native;
  std::erase(word, ' ');
  return word;
}

bool same_type(Engine engine, Pair<const ColumnType*> types, bool exact) {
  const ColumnType& before = *types.before;
  const ColumnType& after = *types.after;
  if (before.is_array() != after.is_array()) return false;
  if (exact && before.domain != after.domain) return false;
  const psl::TypeSpelling one = psl::spell_type(engine, before);
  const psl::TypeSpelling other = psl::spell_type(engine, after);
  if (one.scalar != other.scalar) return false;
  if (!one.scalar)
    return exact ? before.native == after.native
                 : psl::short_type_name(before) == psl::short_type_name(after);
  return one.native == other.native;
}

}  // namespace tenon::migrate
