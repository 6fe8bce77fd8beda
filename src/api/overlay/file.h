// One file of an overlay as its readers see it: the syntax tree, and places in the text for what they find
// wrong.
#pragma once

#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "base/diagnostic.h"
#include "base/source.h"
#include "graphql/ast.h"

namespace tenon::api {

class OverlayFile {
 public:
  // Nothing when the text is no GraphQL, which `diagnostics` then says. Blank text is an empty document.
  static std::optional<OverlayFile> parse(base::SourceId source, std::string_view text,
                                          base::Diagnostics& diagnostics);

  const graphql::Document& document() const { return document_; }
  base::SourceId source() const { return source_; }

  base::Span span(const graphql::Name& name) const { return at(name.offset, name.text.size()); }
  base::Span span(const graphql::Value& value) const { return at(value.offset, value.text.size()); }
  base::Span span(const graphql::TypeNode& type) const { return span(type.name); }
  // From the `@` to the end of the name.
  base::Span span(const graphql::Directive& directive) const {
    return {source_, directive.offset, span(directive.name).end};
  }
  base::Span at(graphql::Offset offset, std::size_t size = 1) const;

  const graphql::Value& value(graphql::ValueId id) const { return document_.values[id]; }
  const graphql::TypeNode& type(const graphql::FieldDefinition& field) const {
    return document_.types[field.type];
  }
  // The first of these directives with this name; nullptr: there is none.
  const graphql::Directive* directive(graphql::Range directives, std::string_view name) const;
  // nullptr: not given.
  const graphql::Value* argument(const graphql::Directive& directive, std::string_view name) const;
  // Items of a list; a single value counts as a list of one.
  std::vector<const graphql::Value*> items(const graphql::Value& value) const;

 private:
  OverlayFile(base::SourceId source, graphql::Document document)
      : source_(source), document_(std::move(document)) {}

  base::SourceId source_;
  graphql::Document document_;
};

// Whether a directive has no arguments but these, each once; says so when it has.
bool check_arguments(const OverlayFile& file, const graphql::Directive& directive,
                     std::initializer_list<std::string_view> known, base::Code code,
                     base::Diagnostics& diagnostics);
// The text of an argument that must be a string; nullopt when it is missing or none, which is then said.
std::optional<std::string_view> text_argument(const OverlayFile& file, const graphql::Directive& directive,
                                              std::string_view name, base::Code code,
                                              base::Diagnostics& diagnostics);

}  // namespace tenon::api
