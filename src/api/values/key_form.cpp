#include "api/values/key_form.h"

#include <charconv>
#include <limits>
#include <utility>

namespace tenon::api {

namespace {

using catalog::TypeKind;

// The bits of an integer column; nullopt for others.
std::optional<unsigned> bits_of(TypeKind kind) {
  switch (kind) {
    case TypeKind::int8:
      return 8;
    case TypeKind::int16:
      return 16;
    case TypeKind::int24:
      return 24;
    case TypeKind::int32:
      return 32;
    case TypeKind::int64:
      return 64;
    default:
      return std::nullopt;
  }
}

KeyForm integer_form(unsigned bits, bool is_unsigned) {
  const std::uint64_t all = std::numeric_limits<std::uint64_t>::max() >> (64 - bits);
  const std::uint64_t half = all >> 1U;
  return {.kind = KeyForm::Kind::integer,
          .least = is_unsigned ? 0 : -static_cast<std::int64_t>(half) - 1,
          .most = is_unsigned ? all : half};
}

std::optional<std::string> integer(const KeyForm& form, std::string_view text) {
  const auto parse = [&]<class Integer>(Integer number) -> std::optional<Integer> {
    const auto [end, error] = std::from_chars(text.data(), text.data() + text.size(), number);
    if (error != std::errc{} || end != text.data() + text.size()) return std::nullopt;
    return number;
  };
  if (text.starts_with('-')) {
    const auto number = parse(std::int64_t{0});
    if (!number || *number < form.least) return std::nullopt;
    return std::to_string(*number);
  }
  const auto number = parse(std::uint64_t{0});
  if (!number || *number > form.most) return std::nullopt;
  return std::to_string(*number);
}

constexpr std::size_t digits_of_identifier = 32;

std::optional<std::string> identifier(std::string_view text) {
  if (text.starts_with('{') && text.ends_with('}')) text = text.substr(1, text.size() - 2);
  std::string out;
  std::size_t digits = 0;
  for (char c : text) {
    if (c == '-') continue;
    if (c >= 'A' && c <= 'F') c = static_cast<char>(c + ('a' - 'A'));
    if (!((c >= '0' && c <= '9') || (c >= 'a' && c <= 'f')) || digits == digits_of_identifier)
      return std::nullopt;
    if (digits == 8 || digits == 12 || digits == 16 || digits == 20) out += '-';
    out += c;
    ++digits;
  }
  return digits == digits_of_identifier ? std::optional(std::move(out)) : std::nullopt;
}

}  // namespace

KeyForm key_form(const catalog::Catalog& catalog, catalog::ColumnId from, catalog::ColumnId to) {
  const catalog::ColumnType& source = catalog[from].type;
  const catalog::ColumnType& target = catalog[to].type;
  if (source.kind == TypeKind::uuid || target.kind == TypeKind::uuid)
    return {.kind = KeyForm::Kind::identifier};
  if (const auto bits = bits_of(target.kind)) return integer_form(*bits, target.is_unsigned);
  return {.kind = KeyForm::Kind::text,
          .padded = source.kind == TypeKind::character || target.kind == TypeKind::character};
}

std::optional<std::string> in_form(const KeyForm& form, std::string_view text) {
  switch (form.kind) {
    case KeyForm::Kind::integer:
      return integer(form, text);
    case KeyForm::Kind::identifier:
      return identifier(text);
    case KeyForm::Kind::text:
      break;
  }
  // PostgreSQL has no text with such a character.
  if (text.find('\0') != std::string_view::npos) return std::nullopt;
  if (form.padded) text = text.substr(0, text.find_last_not_of(' ') + 1);
  return std::string(text);
}

}  // namespace tenon::api
