// Source text that people wrote, and places in it. Every parser works on a SourceSet's text and names places
// by Span; line and column are computed only when a message is shown.
#pragma once

#include <cstdint>
#include <deque>
#include <string>
#include <string_view>
#include <vector>

namespace tenon::base {

// Which file of a SourceSet.
struct SourceId {
  std::uint32_t value = 0;
  friend bool operator==(SourceId, SourceId) = default;
};

// Bytes [begin, end) of one file.
struct Span {
  SourceId source;
  std::uint32_t begin = 0;
  std::uint32_t end = 0;
  friend bool operator==(const Span&, const Span&) = default;
};

// Both count from one; columns count characters (Unicode code points), not bytes.
struct LineColumn {
  std::uint32_t line = 1;
  std::uint32_t column = 1;
  friend bool operator==(LineColumn, LineColumn) = default;
};

// Position of a byte offset in `text`. LF, CR and CRLF each end one line. Linear in `offset`.
LineColumn line_column(std::string_view text, std::uint32_t offset);
// The same, counted on from a place before it whose position is known: linear in the distance.
LineColumn line_column(std::string_view text, std::uint32_t offset, std::uint32_t known_offset,
                       LineColumn known);

// Owns the texts. Views into it stay valid while the set lives, also when files are added.
class SourceSet {
 public:
  SourceId add(std::string path, std::string text);

  std::size_t size() const { return files_.size(); }
  std::string_view path(SourceId id) const { return files_[id.value].path; }
  std::string_view text(SourceId id) const { return files_[id.value].text; }
  std::string_view text(const Span& span) const {
    return text(span.source).substr(span.begin, span.end - span.begin);
  }
  LineColumn position(const Span& span) const { return line_column(text(span.source), span.begin); }
  // "path:line:column"
  std::string place(const Span& span) const;

 private:
  struct File {
    std::string path;
    std::string text;
  };
  std::deque<File> files_;
};

}  // namespace tenon::base
