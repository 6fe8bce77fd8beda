#include "graphql/value_text.h"

#include "graphql/string_literal.h"

namespace tenon::graphql {

namespace {

void append_list(std::string& out, const Document& document, Range items, BlockStrings block_strings) {
  out += '[';
  for (std::uint32_t i = 0; i < items.count; ++i) {
    if (i > 0) out += ", ";
    append_value(out, document, document.list_items[items.first + i], block_strings);
  }
  out += ']';
}

void append_object(std::string& out, const Document& document, Range fields, BlockStrings block_strings) {
  out += '{';
  for (std::uint32_t i = 0; i < fields.count; ++i) {
    const ObjectField& field = document.object_fields[fields.first + i];
    if (i > 0) out += ", ";
    out.append(field.name.text).append(": ");
    append_value(out, document, field.value, block_strings);
  }
  out += '}';
}

}  // namespace

void append_value(std::string& out, const Document& document, ValueId id, BlockStrings block_strings) {
  const Value& value = document.values[id];
  switch (value.kind) {
    case ValueKind::variable:
      out.append("$").append(value.text);
      return;
    case ValueKind::null:
      out += "null";
      return;
    case ValueKind::string:
      out += value.block_string && block_strings == BlockStrings::kept ? print_block_string(value.text)
                                                                       : print_string(value.text);
      return;
    case ValueKind::list:
      return append_list(out, document, value.children, block_strings);
    case ValueKind::object:
      return append_object(out, document, value.children, block_strings);
    case ValueKind::int_:
    case ValueKind::float_:
    case ValueKind::boolean:
    case ValueKind::enum_:
      out += value.text;
      return;
  }
}

std::string type_text(const TypeNode& type) {
  std::string open;
  std::string close;
  for (const char mark : type.wrappers) {
    if (mark == '[') open += '[';
    close += mark == '[' ? ']' : '!';
  }
  return open.append(type.name.text).append(close.rbegin(), close.rend());
}

}  // namespace tenon::graphql
