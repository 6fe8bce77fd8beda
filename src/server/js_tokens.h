// The words of a JavaScript or TypeScript module, as far as reading literals needs them: comments and line
// breaks are left out, a template is one word.
#pragma once

#include <cstdint>
#include <string>
#include <string_view>
#include <vector>

namespace tenon::server {

enum class JsTokenKind : std::uint8_t {
  name,           // identifiers and keywords
  string,         // '…' or "…", closed
  template_text,  // `…` without substitutions
  template_code,  // `…${…}…`
  number,
  regex,
  symbol,  // one of the operators below, or one character
  broken,  // a string, template or comment that is not closed
  end,
};

struct JsToken {
  JsTokenKind kind = JsTokenKind::end;
  std::string_view text;  // as it is written
  std::uint32_t begin = 0;

  std::uint32_t end() const { return begin + static_cast<std::uint32_t>(text.size()); }
  bool is(std::string_view symbol_or_name) const {
    return (kind == JsTokenKind::symbol || kind == JsTokenKind::name) && text == symbol_or_name;
  }
};

// The last token is `end`. Linear in the size of `text`; no text is refused.
std::vector<JsToken> tokenize_js(std::string_view text);

// What a `string` or `template_text` token stands for. Escapes that JavaScript does not know stand for their
// character.
std::string decode_js_string(std::string_view literal);

}  // namespace tenon::server
