// The stages of read.cpp: names, then columns, then indexes, then relations. Each stage needs what the one
// before put into the catalog, and each continues over errors of single fields.
#pragma once

#include <cstdint>
#include <string>
#include <string_view>
#include <unordered_map>
#include <vector>

#include "base/diagnostic.h"
#include "psl/attribute_reader.h"
#include "psl/native_types.h"
#include "psl/read.h"
#include "psl/tree.h"

namespace tenon::psl {

class Reader {
 public:
  Reader(const base::SourceSet& sources, const ReadOptions& options, base::Diagnostics& diagnostics)
      : sources_(sources), options_(options), diagnostics_(diagnostics) {}

  // `trees` must stay where they are while the reader lives.
  void read(const std::vector<Tree>& trees);
  Schema take() { return std::move(schema_); }

 private:
  struct Model {
    const Block* block = nullptr;
    catalog::TableId table;
    std::vector<const Field*> relation_fields;
  };
  // One field that names another model.
  struct RelationField {
    std::uint32_t model = 0;
    std::uint32_t target = 0;
    const Field* field = nullptr;
    std::string name;  // as given; empty when it is not
    const Attribute* attribute = nullptr;
    bool has_columns = false;
  };

  // read.cpp: names and blocks
  void collect(const std::vector<Tree>& trees);
  void check_name(const Block& block);
  void read_enum(const Block& block);
  void declare_model(const Block& block);
  catalog::NamespaceId schema_of(const Block& block);
  catalog::NamespaceId intern_schema(std::string_view name);
  std::string mapped_name(const Block& block);
  void error(std::string message, const base::Span& span);
  void field_error(const Model& model, const Field& field, std::string_view message);
  catalog::Catalog& catalog() { return schema_.catalog; }
  const catalog::Table& table_of(const Model& model) { return catalog()[model.table]; }

  // read_fields.cpp: columns
  void read_columns(Model& model);
  void read_column(Model& model, const Field& field);
  bool read_type(const Model& model, const Field& field, catalog::Column& column);
  void read_native_type(const Field& field, catalog::Column& column);
  void read_field_attributes(const Field& field, catalog::Column& column);
  void read_default(const Field& field, const Attribute& attribute, catalog::Column& column);
  void read_default_function(AttributeReader& reader, const Expression& value, catalog::Column& column);
  std::string read_literal(AttributeReader& reader, const Expression& value, const catalog::Column& column);

  // read_indexes.cpp: keys and indexes
  void read_indexes(Model& model);
  void read_field_index(const Model& model, const Field& field, const Attribute& attribute);
  void read_block_index(const Model& model, const Attribute& attribute);
  bool read_part(const Model& model, AttributeReader& reader, const Expression& item,
                 catalog::IndexPart& part);
  void read_part_arguments(AttributeReader& reader, const Expression& item, catalog::IndexPart& part);
  std::string read_predicate(const Model& model, AttributeReader& reader);
  void add_index(const Model& model, AttributeReader& reader, catalog::Index index);
  void check_identifier(const Model& model);

  // read_relations.cpp
  void read_relations();
  void collect_relation_fields(std::vector<RelationField>& fields);
  void pair_relation_fields(const std::vector<RelationField>& fields);
  void read_pair(const RelationField& first, const RelationField& second);
  void missing_opposite(const RelationField& field);
  void read_foreign_key(const RelationField& forward, const RelationField& back);
  void read_actions(AttributeReader& reader, catalog::ForeignKey& key, bool optional);
  std::vector<catalog::ColumnId> read_columns_list(AttributeReader& reader, std::string_view argument,
                                                   const Model& model);
  void add_link_table(const RelationField& a, const RelationField& b);
  std::string relation_key(const RelationField& field) const;
  void store_foreign_keys();

  const base::SourceSet& sources_;
  const ReadOptions& options_;
  base::Diagnostics& diagnostics_;
  Schema schema_;
  std::vector<Model> models_;
  std::unordered_map<std::string_view, std::uint32_t> model_ids_;  // by name, into models_
  std::unordered_map<std::string_view, catalog::EnumId> enum_ids_;
  std::vector<std::vector<catalog::ForeignKey>> foreign_keys_;  // by table; stored at the end, table by table
};

}  // namespace tenon::psl
