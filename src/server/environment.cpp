#include "server/environment.h"

#include <fstream>

#include <unistd.h>

#include "base/limits.h"

namespace tenon::server {

namespace {

bool starts_name(char c) { return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || c == '_'; }
bool continues_name(char c) { return starts_name(c) || (c >= '0' && c <= '9') || c == '.' || c == '-'; }
bool is_blank(char c) { return c == ' ' || c == '\t' || c == '\r'; }

class DotenvParser {
 public:
  DotenvParser(std::string_view text, const Variables& known) : text_(text), known_(known) {}

  Variables parse() {
    while (at_ < text_.size()) {
      assignment();
      at_ = std::min(text_.find('\n', at_), text_.size() - 1) + 1;
    }
    return std::move(found_);
  }

 private:
  void skip_blanks() {
    while (at_ < text_.size() && is_blank(text_[at_])) ++at_;
  }

  std::string_view name() {
    const std::size_t begin = at_;
    if (at_ < text_.size() && starts_name(text_[at_]))
      while (at_ < text_.size() && continues_name(text_[at_])) ++at_;
    return text_.substr(begin, at_ - begin);
  }

  void assignment() {
    skip_blanks();
    std::string_view key = name();
    skip_blanks();
    if (key == "export") {
      key = name();
      skip_blanks();
    }
    if (key.empty() || at_ >= text_.size() || text_[at_] != '=') return;
    ++at_;
    skip_blanks();
    found_[std::string(key)] = value();
  }

  std::string value() {
    if (at_ < text_.size() && (text_[at_] == '\'' || text_[at_] == '`' || text_[at_] == '"')) {
      const char quote = text_[at_];
      if (const auto end = text_.find(quote, at_ + 1); end != std::string_view::npos) {
        const std::string_view inside = text_.substr(at_ + 1, end - at_ - 1);
        at_ = end + 1;
        return quote == '"' ? expanded(inside, true) : std::string(inside);
      }
    }
    const std::size_t line_end = std::min(text_.find('\n', at_), text_.size());
    std::string_view rest = text_.substr(at_, line_end - at_);
    rest = rest.substr(0, rest.find('#'));
    while (!rest.empty() && is_blank(rest.back())) rest.remove_suffix(1);
    return expanded(rest, false);
  }

  std::string lookup(std::string_view key) const {
    if (const auto it = known_.find(key); it != known_.end()) return it->second;
    if (const auto it = found_.find(key); it != found_.end()) return it->second;
    return "";
  }

  std::string expanded(std::string_view raw, bool escapes) const {
    std::string out;
    for (std::size_t i = 0; i < raw.size(); ++i) {
      const char next = i + 1 < raw.size() ? raw[i + 1] : '\0';
      if (raw[i] == '\\' && (next == '$' || (escapes && (next == 'n' || next == 'r')))) {
        out += next == 'n' ? '\n' : next == 'r' ? '\r' : '$';
        ++i;
      } else if (raw[i] == '$' && (next == '{' || starts_name(next))) {
        const bool braced = next == '{';
        const std::size_t begin = i + (braced ? 2 : 1);
        std::size_t end = begin;
        while (end < raw.size() && continues_name(raw[end]) && raw[end] != '.' && raw[end] != '-') ++end;
        if (braced && (end >= raw.size() || raw[end] != '}')) {
          out += raw[i];
          continue;
        }
        out += lookup(raw.substr(begin, end - begin));
        i = braced ? end : end - 1;
      } else {
        out += raw[i];
      }
    }
    return out;
  }

  std::string_view text_;
  const Variables& known_;
  std::size_t at_ = 0;
  Variables found_;
};

}  // namespace

Variables parse_dotenv(std::string_view text, const Variables& known) {
  return DotenvParser(text, known).parse();
}

Environment Environment::of_process() {
  Variables variables;
  for (char** variable = ::environ; variable != nullptr && *variable != nullptr; ++variable) {
    const std::string_view text = *variable;
    if (const auto equals = text.find('='); equals != std::string_view::npos)
      variables.emplace(text.substr(0, equals), text.substr(equals + 1));
  }
  return Environment(std::move(variables));
}

void Environment::add_dotenv_file(const std::filesystem::path& path) {
  std::error_code error;
  if (std::filesystem::file_size(path, error) > base::dotenv_bytes_max || error) return;
  std::ifstream in(path, std::ios::binary);
  const std::string text{std::istreambuf_iterator<char>(in), {}};
  Variables known = process_;
  for (const auto& [name, value] : files_) known.emplace(name, value.text);
  for (auto& [name, value] : parse_dotenv(text, known))
    files_.emplace(name, Value{.text = std::move(value), .origin = path.string()});
}

std::optional<Environment::Value> Environment::find(std::string_view name) const {
  if (const auto it = process_.find(name); it != process_.end())
    return Value{.text = it->second, .origin = "the environment", .of_process = true};
  if (const auto it = files_.find(name); it != files_.end()) return it->second;
  return std::nullopt;
}

}  // namespace tenon::server
