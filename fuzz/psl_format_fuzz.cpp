// Any bytes to the formatter and the describers: formatting again changes nothing, the formatted text says
// the same as the text, and nothing crashes.
#include <algorithm>
#include <cstddef>
#include <cstdint>
#include <cstdlib>
#include <string>
#include <string_view>
#include <vector>

#include "psl/check/check.h"
#include "psl/describe/diagram.h"
#include "psl/describe/diagram_svg.h"
#include "psl/describe/dmmf.h"
#include "psl/format/format.h"
#include "psl/format/spelling.h"
#include "psl/parser.h"

namespace {

using namespace tenon;

void require(bool condition) {
  if (!condition) std::abort();
}

// A tree as text, without places: two trees with one text say the same.
class Meaning {
 public:
  explicit Meaning(std::string_view text) : tree_(parse(text)) {
    for (const psl::Block& block : tree_.blocks) add_block(block);
  }
  const std::string& text() const { return out_; }

 private:
  psl::Tree parse(std::string_view text) {
    const std::vector<base::SourceId> ids{sources_.add("fuzz.prisma", std::string(text))};
    base::Diagnostics ignored;
    return psl::parse(sources_, ids[0], ignored);
  }

  void add_block(const psl::Block& block) {
    out_ += std::to_string(static_cast<int>(block.kind)) + ' ' + std::string(block.name.text) + '\n';
    add_documentation(block.documentation);
    for (const psl::Field& field : block.fields) {
      ((out_ += field.name.text) += ' ') += psl::format::field_type_text(sources_, field.type);
      add_attributes(field.attributes);
      add_documentation(field.documentation);
    }
    for (const psl::EnumMember& member : block.members) {
      out_ += member.name.text;
      add_attributes(member.attributes);
      add_documentation(member.documentation);
    }
    for (const psl::Property& property : block.properties) {
      (out_ += property.key.text) += '=';
      if (property.value) psl::format::append_expression(out_, sources_, *property.value);
      out_ += '\n';
    }
    add_attributes(block.attributes);
  }

  // The stars and the indentation of block comments are the formatter's.
  void add_documentation(std::string_view text) {
    for (const char c : text)
      if (!std::string_view("* \t\r\n").contains(c)) out_ += c;
    out_ += '\n';
  }

  // Their order is the formatter's.
  void add_attributes(const std::vector<psl::Attribute>& attributes) {
    std::vector<std::string> texts;
    for (const psl::Attribute& attribute : attributes)
      psl::format::append_attribute(texts.emplace_back(), sources_, attribute);
    std::ranges::sort(texts);
    for (const std::string& text : texts) (out_ += '@') += text;
    out_ += '\n';
  }

  base::SourceSet sources_;
  psl::Tree tree_;
  std::string out_;
};

void describe(const std::string& text) {
  base::SourceSet sources;
  const std::vector<base::SourceId> ids{sources.add("fuzz.prisma", text)};
  psl::format_schema(sources, ids);
  psl::format_schema(sources, ids, {.prisma_compat = true});
  base::Diagnostics diagnostics;
  const psl::CheckedSchema schema = psl::check_schema(sources, ids, diagnostics);
  if (!schema.names_resolved) return;
  psl::describe_datamodel(schema);
  const psl::Diagram diagram = psl::diagram_of(schema.resolved);
  psl::mermaid_text(diagram);
  psl::diagram_svg(diagram);
}

}  // namespace

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  const std::string text(reinterpret_cast<const char*>(data), size);
  const std::string formatted = psl::format_text(text);
  require(psl::format_text(formatted) == formatted);
  require(Meaning(formatted).text() == Meaning(text).text());
  describe(text);
  return 0;
}
