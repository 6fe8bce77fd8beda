#include "api/values/key_form.h"

#include <gtest/gtest.h>

#include "api/test_catalog.h"
#include "catalog/merge.h"

namespace tenon::api {
namespace {

using catalog::TypeKind;

// The form of keys from a column of the first type to one of the second.
KeyForm form(catalog::Column from, catalog::Column to) {
  TestCatalog a;
  TestCatalog b;
  a.add({.name = "a", .model_name = "A", .columns = {std::move(from)}, .key = {}});
  b.add({.name = "b", .model_name = "B", .columns = {std::move(to)}, .key = {}});
  const catalog::Catalog both = catalog::merge({{"a", *a.finish()}, {"b", *b.finish()}});
  return key_form(both, {0}, {1});
}

TEST(KeyForm, IntegersFitTheColumnOrNameNoRow) {
  const KeyForm small = form(test_column("a", TypeKind::int64), test_column("b", TypeKind::int16));
  EXPECT_EQ(in_form(small, "007"), "7");
  EXPECT_EQ(in_form(small, "-32768"), "-32768");
  EXPECT_EQ(in_form(small, "-32769"), std::nullopt);
  EXPECT_EQ(in_form(small, "32767"), "32767");
  EXPECT_EQ(in_form(small, "32768"), std::nullopt);
  EXPECT_EQ(in_form(small, "1x"), std::nullopt);
  EXPECT_EQ(in_form(small, ""), std::nullopt);
  EXPECT_EQ(in_form(small, "99999999999999999999"), std::nullopt);
  catalog::Column wide = test_column("b", TypeKind::int64);
  wide.type.is_unsigned = true;
  const KeyForm large = form(test_column("a", TypeKind::int64), std::move(wide));
  EXPECT_EQ(in_form(large, "18446744073709551615"), "18446744073709551615");
  EXPECT_EQ(in_form(large, "-1"), std::nullopt);
  const KeyForm whole = form(test_column("a", TypeKind::int8), test_column("b", TypeKind::int64));
  EXPECT_EQ(in_form(whole, "-9223372036854775808"), "-9223372036854775808");
  EXPECT_EQ(in_form(whole, "9223372036854775808"), std::nullopt);
}

TEST(KeyForm, IdentifiersAreWrittenAlike) {
  for (const auto& [from, to] :
       {std::pair(TypeKind::uuid, TypeKind::character), std::pair(TypeKind::varchar, TypeKind::uuid)}) {
    const KeyForm either = form(test_column("a", from), test_column("b", to));
    EXPECT_EQ(in_form(either, "6E0D9A5B-0f7c-4d0a-8f57-3d6a1f0c9b11"),
              "6e0d9a5b-0f7c-4d0a-8f57-3d6a1f0c9b11");
    EXPECT_EQ(in_form(either, "{6e0d9a5b0f7c4d0a8f573d6a1f0c9b11}"), "6e0d9a5b-0f7c-4d0a-8f57-3d6a1f0c9b11");
    EXPECT_EQ(in_form(either, "6e0d9a5b0f7c4d0a8f573d6a1f0c9b1"), std::nullopt);
    EXPECT_EQ(in_form(either, "6e0d9a5b0f7c4d0a8f573d6a1f0c9b111"), std::nullopt);
    EXPECT_EQ(in_form(either, "somebody"), std::nullopt);
  }
}

TEST(KeyForm, TextStaysButForThePadding) {
  const KeyForm text = form(test_column("a", TypeKind::text), test_column("b", TypeKind::varchar));
  EXPECT_EQ(in_form(text, "Ab "), "Ab ");
  EXPECT_EQ(in_form(text, std::string_view("a\0b", 3)), std::nullopt);
  const KeyForm padded = form(test_column("a", TypeKind::character), test_column("b", TypeKind::text));
  EXPECT_EQ(in_form(padded, "Ab   "), "Ab");
  EXPECT_EQ(in_form(padded, "   "), "");
}

}  // namespace
}  // namespace tenon::api
