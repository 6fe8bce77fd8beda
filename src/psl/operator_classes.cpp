#include "psl/operator_classes.h"

#include <algorithm>

namespace tenon::psl {

namespace {

using enum Scalar;

// One row a class; classes of the same types stand together.
constexpr OperatorClassRule classes[] = {
    {"ArrayOps", "array_ops", {"Gin"}, {}, {}},
    {"JsonbOps", "jsonb_ops", {"Gin"}, {"JsonB"}, json},
    {"JsonbPathOps", "jsonb_path_ops", {"Gin"}, {"JsonB"}, json},
    {"InetOps", "inet_ops", {"Gist", "SpGist"}, {"Inet"}, {}},
    {"TextOps", "text_ops", {"SpGist"}, {"Text", "VarChar", "Char"}, string},
    {"BitMinMaxOps", "bit_minmax_ops", {"Brin"}, {"Bit"}, {}},
    {"VarBitMinMaxOps", "varbit_minmax_ops", {"Brin"}, {"VarBit"}, {}},
    {"BpcharBloomOps", "bpchar_bloom_ops", {"Brin"}, {"Char"}, {}},
    {"BpcharMinMaxOps", "bpchar_minmax_ops", {"Brin"}, {"Char"}, {}},
    {"ByteaBloomOps", "bytea_bloom_ops", {"Brin"}, {"ByteA"}, bytes},
    {"ByteaMinMaxOps", "bytea_minmax_ops", {"Brin"}, {"ByteA"}, bytes},
    {"DateBloomOps", "date_bloom_ops", {"Brin"}, {"Date"}, {}},
    {"DateMinMaxOps", "date_minmax_ops", {"Brin"}, {"Date"}, {}},
    {"DateMinMaxMultiOps", "date_minmax_multi_ops", {"Brin"}, {"Date"}, {}},
    {"Float4BloomOps", "float4_bloom_ops", {"Brin"}, {"Real"}, {}},
    {"Float4MinMaxOps", "float4_minmax_ops", {"Brin"}, {"Real"}, {}},
    {"Float4MinMaxMultiOps", "float4_minmax_multi_ops", {"Brin"}, {"Real"}, {}},
    {"Float8BloomOps", "float8_bloom_ops", {"Brin"}, {"DoublePrecision"}, floating},
    {"Float8MinMaxOps", "float8_minmax_ops", {"Brin"}, {"DoublePrecision"}, floating},
    {"Float8MinMaxMultiOps", "float8_minmax_multi_ops", {"Brin"}, {"DoublePrecision"}, floating},
    {"InetInclusionOps", "inet_inclusion_ops", {"Brin"}, {"Inet"}, {}},
    {"InetBloomOps", "inet_bloom_ops", {"Brin"}, {"Inet"}, {}},
    {"InetMinMaxOps", "inet_minmax_ops", {"Brin"}, {"Inet"}, {}},
    {"InetMinMaxMultiOps", "inet_minmax_multi_ops", {"Brin"}, {"Inet"}, {}},
    {"Int2BloomOps", "int2_bloom_ops", {"Brin"}, {"SmallInt"}, {}},
    {"Int2MinMaxOps", "int2_minmax_ops", {"Brin"}, {"SmallInt"}, {}},
    {"Int2MinMaxMultiOps", "int2_minmax_multi_ops", {"Brin"}, {"SmallInt"}, {}},
    {"Int4BloomOps", "int4_bloom_ops", {"Brin"}, {"Integer"}, integer},
    {"Int4MinMaxOps", "int4_minmax_ops", {"Brin"}, {"Integer"}, integer},
    {"Int4MinMaxMultiOps", "int4_minmax_multi_ops", {"Brin"}, {"Integer"}, integer},
    {"Int8BloomOps", "int8_bloom_ops", {"Brin"}, {"BigInt"}, big_int},
    {"Int8MinMaxOps", "int8_minmax_ops", {"Brin"}, {"BigInt"}, big_int},
    {"Int8MinMaxMultiOps", "int8_minmax_multi_ops", {"Brin"}, {"BigInt"}, big_int},
    {"NumericBloomOps", "numeric_bloom_ops", {"Brin"}, {"Decimal"}, decimal},
    {"NumericMinMaxOps", "numeric_minmax_ops", {"Brin"}, {"Decimal"}, decimal},
    {"NumericMinMaxMultiOps", "numeric_minmax_multi_ops", {"Brin"}, {"Decimal"}, decimal},
    {"OidBloomOps", "oid_bloom_ops", {"Brin"}, {"Oid"}, {}},
    {"OidMinMaxOps", "oid_minmax_ops", {"Brin"}, {"Oid"}, {}},
    {"OidMinMaxMultiOps", "oid_minmax_multi_ops", {"Brin"}, {"Oid"}, {}},
    {"TextBloomOps", "text_bloom_ops", {"Brin"}, {"Text", "VarChar"}, string},
    {"TextMinMaxOps", "text_minmax_ops", {"Brin"}, {"Text", "VarChar"}, string},
    {"TimestampBloomOps", "timestamp_bloom_ops", {"Brin"}, {"Timestamp"}, date_time},
    {"TimestampMinMaxOps", "timestamp_minmax_ops", {"Brin"}, {"Timestamp"}, date_time},
    {"TimestampMinMaxMultiOps", "timestamp_minmax_multi_ops", {"Brin"}, {"Timestamp"}, date_time},
    {"TimestampTzBloomOps", "timestamptz_bloom_ops", {"Brin"}, {"Timestamptz"}, {}},
    {"TimestampTzMinMaxOps", "timestamptz_minmax_ops", {"Brin"}, {"Timestamptz"}, {}},
    {"TimestampTzMinMaxMultiOps", "timestamptz_minmax_multi_ops", {"Brin"}, {"Timestamptz"}, {}},
    {"TimeBloomOps", "time_bloom_ops", {"Brin"}, {"Time"}, {}},
    {"TimeMinMaxOps", "time_minmax_ops", {"Brin"}, {"Time"}, {}},
    {"TimeMinMaxMultiOps", "time_minmax_multi_ops", {"Brin"}, {"Time"}, {}},
    {"TimeTzBloomOps", "timetz_bloom_ops", {"Brin"}, {"Timetz"}, {}},
    {"TimeTzMinMaxOps", "timetz_minmax_ops", {"Brin"}, {"Timetz"}, {}},
    {"TimeTzMinMaxMultiOps", "timetz_minmax_multi_ops", {"Brin"}, {"Timetz"}, {}},
    {"UuidBloomOps", "uuid_bloom_ops", {"Brin"}, {"Uuid"}, {}},
    {"UuidMinMaxOps", "uuid_minmax_ops", {"Brin"}, {"Uuid"}, {}},
    {"UuidMinMaxMultiOps", "uuid_minmax_multi_ops", {"Brin"}, {"Uuid"}, {}},
};

bool contains(std::span<const std::string_view> words, std::string_view word) {
  return !word.empty() && std::ranges::find(words, word) != words.end();
}

}  // namespace

bool OperatorClassRule::fits_index(std::string_view type) const { return contains(index_types, type); }
bool OperatorClassRule::fits_native(std::string_view type) const { return contains(native_types, type); }

std::span<const OperatorClassRule> operator_class_rules() { return classes; }

const OperatorClassRule* find_operator_class(std::string_view word) {
  const auto* const found = std::ranges::find(classes, word, &OperatorClassRule::word);
  return found == std::end(classes) ? nullptr : found;
}

std::string_view operator_class_word(std::string_view sql_name) {
  const auto* const found = std::ranges::find(classes, sql_name, &OperatorClassRule::sql);
  return found == std::end(classes) ? std::string_view() : found->word;
}

std::string_view operator_class_sql(std::string_view word) {
  const OperatorClassRule* const found = find_operator_class(word);
  return found == nullptr ? std::string_view() : found->sql;
}

}  // namespace tenon::psl
