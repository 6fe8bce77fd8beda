// An entity-relationship diagram of a schema: which boxes there are, what stands in their rows, which rows
// are joined. Drawn as SVG (diagram_svg.h) or written for Mermaid.
#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <vector>

#include "psl/check/resolved.h"

namespace tenon::psl {

struct DiagramRow {
  std::string name;  // of a column or of an enum's value
  std::string type;  // with its arity: "Int?", "String[]"; empty for values
  bool is_primary = false;
  bool is_foreign = false;
  bool is_unique = false;
};

enum class BoxKind : std::uint8_t { model, view, enumeration };

struct DiagramBox {
  BoxKind kind = BoxKind::model;
  std::string name;
  std::string database_name;  // when it is another one
  std::string documentation;
  std::vector<DiagramRow> rows;
};

// How many rows of one box belong to one row of the other.
enum class Cardinality : std::uint8_t { one, optional, many };

struct DiagramEnd {
  std::uint32_t box = 0;
  std::optional<std::uint32_t> row;  // absent: the box as a whole
  Cardinality cardinality = Cardinality::one;
};

struct DiagramEdge {
  DiagramEnd child;   // has the foreign key
  DiagramEnd parent;  // is referred to
  std::string label;  // the name of the relation field
};

// Enums come after models and views and have no edges.
struct Diagram {
  std::vector<DiagramBox> boxes;
  std::vector<DiagramEdge> edges;
};

Diagram diagram_of(const Resolved& resolved);

// An `erDiagram`. Enums, which Mermaid has no form for, are left out.
std::string mermaid_text(const Diagram& diagram);

}  // namespace tenon::psl
