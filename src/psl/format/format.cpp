#include "psl/format/format.h"

#include <algorithm>
#include <utility>

#include "base/diagnostic.h"
#include "psl/check/check.h"
#include "psl/format/block.h"
#include "psl/format/missing_relations.h"
#include "psl/parser.h"

namespace tenon::psl {

namespace {

class FilePrinter {
 public:
  FilePrinter(const base::SourceSet& sources, const Tree& tree, const FormatOptions& options)
      : sources_(sources), tree_(tree), options_(options), cursor_(sources, tree) {}

  std::string print() {
    out_.reserve(sources_.text(tree_.source).size());
    for (const Line& line : tree_.lines) add_line(line);
    if (!out_.ends_with('\n')) out_ += '\n';
    return std::move(out_);
  }

 private:
  void add_line(const Line& line) {
    if (line.kind == LineKind::blank) {
      // As Prisma has it, the line end behind an unknown block is that block's own, and blank lines belong to
      // it.
      has_blank_ |= !ends_unknown_block_;
      return;
    }
    ends_unknown_block_ = false;
    if (std::exchange(has_blank_, false) && !out_.empty()) out_ += '\n';
    switch (line.kind) {
      case LineKind::comment:
        return add_comments(line.span);
      case LineKind::block:
        format::append_block(out_, sources_, tree_.blocks[line.index], cursor_, options_);
        has_blank_ = is_parted(line.span.end);
        return;
      default:
        return add_verbatim(sources_.text(line.span));
    }
  }

  // Whether a blank line follows a block's closing brace when none is written. Prisma takes the end of that
  // line for one, and so parts what is on lines of their own but not what is on the same line, until it
  // formats again; we part both, but not a second brace.
  bool is_parted(std::uint32_t end) {
    cursor_.skip_to(end);
    while (cursor_.token().kind == TokenKind::whitespace) cursor_.advance();
    const bool ends_line = cursor_.at_line_end();
    if (options_.prisma_compat) return ends_line;
    if (cursor_.token().kind == TokenKind::newline) cursor_.advance();
    while (cursor_.token().kind == TokenKind::whitespace) cursor_.advance();
    return cursor_.text(cursor_.token()) != "}";
  }

  void add_comments(const base::Span& span) {
    std::vector<std::string> lines;
    format::append_comments(lines, cursor_, span);
    for (const std::string& line : lines) (out_ += line) += '\n';
  }

  void add_verbatim(std::string_view text) {
    const bool is_line = text.ends_with('\n') || text.ends_with('\r');
    if (text.ends_with('\n')) text.remove_suffix(1);
    if (text.ends_with('\r')) text.remove_suffix(1);
    (out_ += text) += '\n';
    ends_unknown_block_ = !is_line;
  }

  const base::SourceSet& sources_;
  const Tree& tree_;
  const FormatOptions& options_;
  format::TokenCursor cursor_;
  std::string out_;
  bool has_blank_ = false;           // a blank line was read and not yet written
  bool ends_unknown_block_ = false;  // the last line has no line end of its own
};

}  // namespace

std::string format_tree(const base::SourceSet& sources, const Tree& tree, const FormatOptions& options) {
  if (tree.tokens.empty()) return std::string(sources.text(tree.source));
  return FilePrinter(sources, tree, options).print();
}

std::vector<std::string> format_schema(const base::SourceSet& sources, std::span<const base::SourceId> files,
                                       const FormatOptions& options) {
  base::Diagnostics ignored;
  const CheckedSchema schema = check_schema(sources, files, ignored);
  std::vector<Insertion> insertions;
  if (schema.names_resolved)
    insertions = missing_relation_parts(sources, schema.resolved, options.prisma_compat);
  std::vector<std::string> formatted;
  formatted.reserve(files.size());
  for (const Tree& tree : schema.trees) {
    const bool is_whole = std::ranges::find(insertions, tree.source, &Insertion::source) == insertions.end();
    formatted.push_back(is_whole ? format_tree(sources, tree, options)
                                 : format_text(insert(sources, tree.source, insertions), options));
  }
  return formatted;
}

std::string format_text(std::string_view text, const FormatOptions& options) {
  base::SourceSet sources;
  const base::SourceId source = sources.add({}, std::string(text));
  base::Diagnostics ignored;
  return format_tree(sources, parse(sources, source, ignored), options);
}

}  // namespace tenon::psl
