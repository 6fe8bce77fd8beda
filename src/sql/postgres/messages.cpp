#include "sql/postgres/messages.h"

#include <bit>
#include <cstdint>
#include <limits>

#include "base/limits.h"

namespace tenon::sql::postgres {

namespace {

constexpr std::size_t parameters_max = std::numeric_limits<std::uint16_t>::max();

template <class Number>
void append_number(std::string& out, Number number) {
  if constexpr (std::endian::native == std::endian::little) number = std::byteswap(number);
  out.append(reinterpret_cast<const char*>(&number), sizeof number);
}

void append_text(std::string& out, std::string_view text) { out.append(text).push_back('\0'); }

// The length counts itself, but not the type.
void append_header(std::string& out, char type, std::size_t body_bytes) {
  out.push_back(type);
  append_number(out, static_cast<std::uint32_t>(body_bytes + 4));
}

}  // namespace

void append_parse(std::string& out, std::string_view name, std::string_view text) {
  append_header(out, 'P', name.size() + 1 + text.size() + 1 + 2);
  append_text(out, name);
  append_text(out, text);
  append_number(out, std::uint16_t{0});  // no types of parameters: the server finds them
}

void append_describe_statement(std::string& out, std::string_view name) {
  append_header(out, 'D', 1 + name.size() + 1);
  out.push_back('S');
  append_text(out, name);
}

void append_bind(std::string& out, std::string_view statement, std::span<const Parameter> parameters) {
  std::size_t bytes = 1 + statement.size() + 1 + 2 + 2 + 2;
  for (const Parameter& parameter : parameters) bytes += 4 + (parameter ? parameter->size() : 0);
  append_header(out, 'B', bytes);
  append_text(out, {});  // the portal
  append_text(out, statement);
  append_number(out, std::uint16_t{0});  // formats of parameters: all text
  append_number(out, static_cast<std::uint16_t>(parameters.size()));
  for (const Parameter& parameter : parameters) {
    append_number(out, parameter ? static_cast<std::uint32_t>(parameter->size()) : ~std::uint32_t{0});
    if (parameter) out.append(*parameter);
  }
  append_number(out, std::uint16_t{0});  // formats of columns: all text
}

void append_execute(std::string& out) {
  append_header(out, 'E', 1 + 4);
  append_text(out, {});
  append_number(out, std::uint32_t{0});  // rows: no limit
}

void append_close_statement(std::string& out, std::string_view name) {
  append_header(out, 'C', 1 + name.size() + 1);
  out.push_back('S');
  append_text(out, name);
}

void append_flush(std::string& out) { append_header(out, 'H', 0); }
void append_sync(std::string& out) { append_header(out, 'S', 0); }

void append_query(std::string& out, std::string_view text) {
  append_header(out, 'Q', text.size() + 1);
  append_text(out, text);
}

bool fits(std::span<const Parameter> parameters) {
  if (parameters.size() > parameters_max) return false;
  std::size_t bytes = 0;
  for (const Parameter& parameter : parameters) bytes += 4 + (parameter ? parameter->size() : 0);
  return bytes <= base::postgres_parameters_bytes_max;
}

}  // namespace tenon::sql::postgres
