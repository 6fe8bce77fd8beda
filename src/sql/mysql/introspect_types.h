// COLUMN_TYPE of information_schema as a ColumnType.
#pragma once

#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "catalog/type.h"

namespace tenon::sql::mysql {

// `decimal(10,2) unsigned zerofill` or `enum('a','it''s')`, taken apart.
struct TypeText {
  std::string name;                    // in small letters
  std::vector<std::uint32_t> numbers;  // between the parentheses …
  std::vector<std::string> labels;     // … of an enum or set
  bool is_unsigned = false;
  bool is_zerofill = false;
};

TypeText parse_type_text(std::string_view text);

// What else there is to know about the column: tinyint(1) and a checked text are less than they seem to be.
struct TypeContext {
  bool is_boolean = true;  // a tinyint(1) whose default is neither 0 nor 1 is a number
  bool is_json = false;    // a longtext that is checked with json_valid
};

// An enumeration gets its enum_id from the caller.
catalog::ColumnType column_type(const TypeText& type, const TypeContext& context);

// `enum('a','it''s')`
std::string label_list(std::string_view name, const std::vector<std::string>& labels);

// The text between single quotes at the beginning of `text`, with its doubled quotes and backslashes undone,
// removed from it; nullopt when there is none.
std::optional<std::string> take_quoted(std::string_view& text);

}  // namespace tenon::sql::mysql
