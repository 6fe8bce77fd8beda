// Several statements as one: a common table expression for each, and all their rows, as texts, one behind the
// other. A part that others take keys from is thereby computed once.
#include <variant>

#include "sql/postgres/dialect_text.h"

namespace tenon::sql::postgres {

using catalog::TypeKind;

namespace {

using CellType = std::optional<catalog::ColumnType>;

// Values of these types are cast to what the engine answers for them. Not so a boolean (`true`, not `t`), a
// character (without its padding), an inet (with the length of its mask) or XML (with an encoding).
bool cast_keeps_text(const catalog::ColumnType& type) {
  if (type.is_array()) return true;
  switch (type.kind) {
    case TypeKind::int16:
    case TypeKind::int32:
    case TypeKind::int64:
    case TypeKind::float32:
    case TypeKind::float64:
    case TypeKind::decimal:
    case TypeKind::varchar:
    case TypeKind::bytes:
    case TypeKind::date:
    case TypeKind::time:
    case TypeKind::timetz:
    case TypeKind::timestamp:
    case TypeKind::timestamptz:
    case TypeKind::interval:
    case TypeKind::uuid:
    case TypeKind::json:
    case TypeKind::jsonb:
    case TypeKind::enumeration:
      return true;
    case TypeKind::text:
      return type.native == "text";
    default:
      return false;
  }
}

bool has_collation(const catalog::ColumnType& type) {
  return !type.is_array() &&
         (type.kind == TypeKind::text || type.kind == TypeKind::varchar || type.kind == TypeKind::character);
}

// Types of the cells of a part; none for a number that the engine computed.
class CellTypes {
 public:
  explicit CellTypes(const catalog::Catalog& catalog) : catalog_(catalog) {}

  std::vector<CellType> operator()(const Select& select) {
    add_keys(select.keys);
    if (select.count) types_.emplace_back();
    if (!select.count)
      for (const ColumnRef& ref : select.outputs) add(ref.column);
    types_.resize(types_.size() + select.tests.size());
    return std::move(types_);
  }
  std::vector<CellType> operator()(const Aggregate& aggregate) {
    add_keys(aggregate.keys);
    for (const AggregateTerm& term : aggregate.outputs) {
      const bool of_column = term.function == AggregateFunction::value ||
                             term.function == AggregateFunction::min ||
                             term.function == AggregateFunction::max;
      if (of_column && term.part == DatePart::whole)
        add(term.column);
      else
        types_.emplace_back();
    }
    return std::move(types_);
  }
  std::vector<CellType> operator()(const RowEstimate&) { return {CellType()}; }

 private:
  void add(catalog::ColumnId column) { types_.emplace_back(catalog_[column].type); }
  void add_keys(const std::optional<Keys>& keys) {
    if (!keys) return;
    for (const catalog::ColumnId column : keys->parent_columns) add(column);
  }

  const catalog::Catalog& catalog_;
  std::vector<CellType> types_;
};

}  // namespace

// Equal values of one column have one text. Beyond what holds for any two columns: what the column pads or
// rounds to one length.
bool StatementText::one_text_each(const catalog::ColumnType& type) const {
  if (equal_means_same_text(type)) return true;
  switch (type.kind) {
    case TypeKind::character:
      return type.length.has_value();
    case TypeKind::decimal:
      return type.scale.has_value();
    case TypeKind::timestamp:
    case TypeKind::timestamptz:
      return true;
    default:
      return false;
  }
}

void StatementText::part_cell(std::uint32_t part, std::uint32_t cell) {
  out_.alias('q', part) << ".";
  out_.alias('c', cell);
}

void StatementText::part_text(std::uint32_t part, std::uint32_t cell, const CellType& type) {
  if (!type || cast_keeps_text(*type)) {
    part_cell(part, cell);
    out_ << "::text";
    return;
  }
  // concat() alone makes an empty text of NULL; IS NOT NULL looks into composite values.
  out_ << "CASE WHEN ";
  part_cell(part, cell);
  out_ << " IS DISTINCT FROM NULL THEN concat(";
  part_cell(part, cell);
  out_ << ") END";
}

// (SELECT DISTINCT q0.c1 FROM q0 WHERE q0.c1 IS NOT NULL) AS k(c0). Keys differ as their texts do, since by
// these their rows are found: 1.0 and 1.00 are two. Like parameters they have no collation of their own that
// could be at odds with that of the column they are compared with.
void StatementText::key_rows_of_part(const Keys& keys) {
  const KeysOfPart& source = *keys.of_part;
  const std::size_t count = source.cells.size();
  bool same_text = true;
  for (const catalog::ColumnId column : keys.parent_columns)
    same_text = same_text && one_text_each(catalog_[column].type);
  out_ << "(SELECT DISTINCT ";
  if (!same_text) {
    out_ << "ON (";
    each(count, ", ", [&](std::size_t i) {
      part_text(source.part, source.cells[i], catalog_[keys.parent_columns[i]].type);
    });
    out_ << ") ";
  }
  each(count, ", ", [&](std::size_t i) {
    part_cell(source.part, source.cells[i]);
    if (has_collation(catalog_[keys.parent_columns[i]].type)) out_ << " COLLATE pg_catalog.\"default\"";
  });
  out_ << " FROM ";
  if (source.rows_max) {
    out_ << "(SELECT * FROM ";
    out_.alias('q', source.part) << " LIMIT ";
    out_.number(*source.rows_max) << ") AS ";
  }
  out_.alias('q', source.part) << " WHERE ";
  each(count, " AND ", [&](std::size_t i) {
    part_cell(source.part, source.cells[i]);
    out_ << " IS NOT NULL";
  });
  out_ << ") AS k(";
  each(count, ", ", [&](std::size_t i) { out_.alias('c', static_cast<std::uint32_t>(i)); });
  out_ << ")";
}

void StatementText::part(const BundlePart& part) {
  part_ = &part;
  struct Writer {
    StatementText& text;
    void operator()(const Select& select) const { text.select(select); }
    void operator()(const Aggregate& aggregate) const { text.aggregate(aggregate); }
    void operator()(const RowEstimate& estimate) const { text.row_estimate(estimate); }
  };
  std::visit(Writer{*this}, part.statement);
  part_ = nullptr;
}

void StatementText::bundle(const Bundle& bundle) {
  std::vector<std::vector<CellType>> types;
  for (std::uint32_t i = 0; i < bundle.parts.size(); ++i) {
    types.push_back(std::visit(CellTypes(catalog_), bundle.parts[i].statement));
    if (i == 0)
      out_ << "WITH ";
    else
      out_ << ", ";
    out_.alias('q', i) << "(";
    for (std::uint32_t cell = 0; cell < types[i].size(); ++cell) {
      if (cell > 0) out_ << ", ";
      out_.alias('c', cell);
    }
    out_ << ") AS (";
    part(bundle.parts[i]);
    out_ << ")";
  }
  for (std::uint32_t i = 0; i < bundle.parts.size(); ++i) {
    if (i > 0) out_ << " UNION ALL";
    out_ << " SELECT ";
    for (std::uint32_t cell = 0; cell < bundle.width; ++cell) {
      if (cell < types[i].size())
        part_text(i, cell, types[i][cell]);
      else
        out_ << "NULL";
      out_ << ", ";
    }
    out_.number(i) << " FROM ";
    out_.alias('q', i);
  }
  out_ << " LIMIT ";
  out_.number(bundle.rows_max);
}

}  // namespace tenon::sql::postgres
