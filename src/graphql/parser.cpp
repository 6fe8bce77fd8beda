#include "graphql/parser.h"

#include <limits>
#include <optional>
#include <utility>

#include <fmt/format.h>

#include "base/utf8.h"
#include "graphql/grammar.h"

namespace tenon::graphql {

namespace {

Error syntax_error(std::string_view text, std::string_view code, std::size_t offset, std::string message) {
  return {.message = fmt::format("Syntax Error: {}", message),
          .locations = {base::line_column(text, static_cast<Offset>(offset))},
          .code = code};
}

std::optional<Error> check_text(std::string_view text, const base::DocumentLimits& limits) {
  const std::size_t bytes_max = std::min<std::size_t>(limits.bytes_max, std::numeric_limits<Offset>::max());
  if (text.size() > bytes_max) {
    return syntax_error(text, code::query_too_complex, 0,
                        fmt::format("Document is longer than {} bytes. Parsing aborted.", bytes_max));
  }
  if (const std::optional<std::size_t> at = base::find_invalid_utf8(text)) {
    return syntax_error(text, code::parse_failed, *at,
                        fmt::format("Invalid UTF-8, byte 0x{:02X}.", static_cast<unsigned char>(text[*at])));
  }
  return std::nullopt;
}

// Runs one production over the whole text.
std::expected<Document, Error> parse_all(std::string text, const base::DocumentLimits& limits,
                                         void (Grammar::*production)()) {
  if (std::optional<Error> error = check_text(text, limits)) return std::unexpected(*std::move(error));
  Document document;
  document.text = std::make_shared<const std::string>(std::move(text));
  document.strings = std::make_shared<std::vector<std::unique_ptr<std::string>>>();

  Grammar grammar(document, limits);
  (grammar.*production)();
  if (const Grammar::Failure* failure = grammar.failure()) {
    return std::unexpected(syntax_error(*document.text, failure->code, failure->offset, failure->message));
  }
  return document;
}

}  // namespace

std::expected<Document, Error> parse(std::string text, const base::DocumentLimits& limits) {
  return parse_all(std::move(text), limits, &Grammar::document);
}

std::expected<Document, Error> parse_value(std::string text, const base::DocumentLimits& limits) {
  return parse_all(std::move(text), limits, &Grammar::lone_value);
}

std::expected<Document, Error> parse_type(std::string text, const base::DocumentLimits& limits) {
  return parse_all(std::move(text), limits, &Grammar::lone_type);
}

}  // namespace tenon::graphql
