#include <algorithm>

#include <fmt/format.h>
#include <fmt/ranges.h>

#include "psl/check/advice.h"
#include "psl/check/resolve_attributes.h"
#include "psl/check/values.h"
#include "psl/operator_classes.h"

namespace tenon::psl {

using catalog::IndexKind;

namespace {

std::string_view attribute_name(IndexKind kind) {
  switch (kind) {
    case IndexKind::primary:
      return "id";
    case IndexKind::unique:
      return "unique";
    default:
      return "index";  // Prisma's suggestions say so for @@fulltext too
  }
}

std::string join_quoted(const auto& names) { return fmt::format("`{}`", fmt::join(names, "`, `")); }

std::optional<IndexAlgorithm> find_algorithm(std::string_view word) {
  using enum IndexAlgorithm;
  constexpr std::pair<std::string_view, IndexAlgorithm> algorithms[] = {
      {"BTree", btree}, {"Hash", hash}, {"Gist", gist}, {"Gin", gin}, {"SpGist", spgist}, {"Brin", brin}};
  for (const auto& [name, algorithm] : algorithms)
    if (name == word) return algorithm;
  return std::nullopt;
}

class IndexReader {
 public:
  IndexReader(Resolving& resolving, AttributeVisitor& visitor, ModelId model)
      : resolving_(resolving), visitor_(visitor), model_id_(model), model_(resolving.resolved[model]) {}

  // The arguments of @id and @unique.
  ModelIndex on_field(ScalarFieldId field, IndexKind kind) {
    ModelIndex index = make(kind);
    index.source_field = field;
    index.map = visitor_.nonempty_string("map");
    IndexField part{.field = field, .path = {}, .sort = {}, .length = {}, .operator_class = {}};
    part.length = visitor_.integer("length");
    part.sort = field_sort();
    index.fields.push_back(std::move(part));
    index.clustered = visitor_.boolean("clustered");
    if (kind == IndexKind::unique) index.where = read_predicate(resolving_, visitor_, model_id_);
    return index;
  }

  // `fields` of an attribute of the block. False when there is no use in reading on.
  bool fields(ModelIndex& index) {
    const Expression* list = visitor_.required_argument("fields");
    if (list == nullptr) return false;
    const bool is_id = index.kind == IndexKind::primary;
    // Arguments of the fields are reported before fields that do not exist.
    std::vector<IndexField> parts;
    for (const Expression* item : items_of(*list))
      parts.push_back(arguments_of(*item, list->kind == Expression::Kind::array));
    const FieldList found =
        read_field_list(resolving_, *list, model_id_, visitor_.current().span,
                        is_id ? FieldListForm::with_arguments : FieldListForm::with_paths);
    if (is_id)
      report_id_fields(found, *list, "multi field id", "id", "ID");
    else
      report_index_fields(found, index.kind);
    if (found.failed || !found.unknown.empty() || !found.relations.empty()) return false;
    for (std::size_t i = 0; i < found.fields.size(); ++i) {
      parts[i].field = found.fields[i];
      parts[i].path.push_back(resolving_.resolved[parts[i].field].name());
      parts[i].path.insert(parts[i].path.end(), found.paths[i].begin(), found.paths[i].end());
    }
    index.fields = std::move(parts);
    return true;
  }

  void report_id_fields(const FieldList& found, const Expression& list, std::string_view declaration,
                        std::string_view what, std::string_view capital) {
    if (!found.unknown.empty())
      model_error(fmt::format("The {} declaration refers to the unknown field{} {}.", declaration,
                              found.unknown.size() == 1 ? "" : "s", join_quoted(found.unknown)),
                  list.span, similar_field_advice(found.unknown, model_, resolving_.diagnostics));
    if (!found.relations.empty())
      model_error(
          fmt::format("The {} definition refers to the relation field{} {}. {} definitions must "
                      "reference only scalar fields.",
                      what, found.relations.size() == 1 ? "" : "s", join_quoted(found.relations), capital),
          visitor_.current().span);
  }

  void refuse_optional_fields(const std::vector<ScalarFieldId>& fields, std::string_view what,
                              std::string_view capital) {
    std::vector<std::string_view> optional;
    for (const ScalarFieldId field : fields)
      if (!resolving_.resolved[field].is_required()) optional.push_back(resolving_.resolved[field].name());
    if (optional.empty() || model_.is_ignored) return;
    model_error(fmt::format("The {} definition refers to the optional field{} {}. {} definitions must "
                            "reference only required fields.",
                            what, optional.size() == 1 ? "" : "s", join_quoted(optional), capital),
                visitor_.current().span);
  }

  // `name`, the client's name of a key.
  std::optional<std::string> client_name() { return visitor_.nonempty_string("name"); }

  void check_client_name(const std::optional<std::string>& name, std::string_view attribute) {
    const auto fits = [](char c) {
      return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || (c >= '0' && c <= '9') || c == '_';
    };
    if (name && !std::ranges::all_of(*name, fits))
      model_error(fmt::format("The `name` property within the `@@{}` attribute only allows for the following "
                              "characters: `_a-zA-Z0-9`.",
                              attribute),
                  visitor_.current().span);
  }

  // `map` of @@index, for which `name` is an older word.
  std::optional<std::string> index_map() {
    const std::optional<std::string> name = client_name();
    std::optional<std::string> map = visitor_.nonempty_string("map");
    if (name && map) {
      visitor_.error(
          "The `@@index` attribute accepts the `name` argument as an alias for the `map` argument for legacy "
          "reasons. It does not accept both though. Please use the `map` argument to specify the database "
          "name of the index.");
      return std::nullopt;
    }
    return map ? map : name;
  }

  std::optional<IndexAlgorithm> algorithm() {
    const std::optional<std::string> word = visitor_.constant("type");
    if (!word) return std::nullopt;
    const std::optional<IndexAlgorithm> found = find_algorithm(*word);
    if (!found) visitor_.error(fmt::format("Unknown index type: {}.", *word));
    return found;
  }

  ModelIndex make(IndexKind kind) const {
    ModelIndex index;
    index.model = model_id_;
    index.kind = kind;
    index.attribute = &visitor_.current();
    return index;
  }

  void model_error(std::string_view message, const base::Span& span, std::string help = {}) {
    resolving_.error(fmt::format("Error validating model \"{}\": {}", model_.name(), message), span,
                     std::move(help));
  }

  AttributeVisitor& visitor() { return visitor_; }

 private:
  std::optional<SortOrder> field_sort() {
    const std::optional<std::string> word = visitor_.constant("sort");
    if (!word) return std::nullopt;
    if (*word == "Asc") return SortOrder::ascending;
    if (*word == "Desc") return SortOrder::descending;
    visitor_.error(fmt::format("The `sort` argument can only be `Asc` or `Desc` you provided: {}.", *word));
    return std::nullopt;
  }

  void report_index_fields(const FieldList& found, IndexKind kind) {
    const std::string_view prefix = kind == IndexKind::unique ? "unique " : "";
    if (!found.unknown.empty())
      model_error(fmt::format("The {}index definition refers to the unknown fields: {}.", prefix,
                              fmt::join(found.unknown, ", ")),
                  visitor_.current().span,
                  similar_field_advice(found.unknown, model_, resolving_.diagnostics));
    if (found.relations.empty()) return;
    std::vector<std::string_view> columns;
    for (const std::string_view field : found.relations) {
      const std::optional<RelationFieldId> relation =
          resolving_.resolved.find_relation_field(model_id_, field);
      if (!relation || !resolving_.resolved[*relation].fields) continue;
      for (const ScalarFieldId id : *resolving_.resolved[*relation].fields)
        columns.push_back(resolving_.resolved[id].name());
    }
    const std::string suggestion =
        columns.empty()
            ? ""
            : fmt::format(" Did you mean `@@{}([{}])`?", attribute_name(kind), fmt::join(columns, ", "));
    model_error(fmt::format("The {}index definition refers to the relation fields {}. Index definitions must "
                            "reference only scalar fields.{}",
                            prefix, fmt::join(found.relations, ", "), suggestion),
                visitor_.current().span);
  }

  // Arguments without a value are reported here only within brackets; elsewhere the visitor has done so.
  IndexField arguments_of(const Expression& item, bool in_brackets) {
    IndexField part{};
    if (item.kind != Expression::Kind::function) return part;
    for (const Argument& argument : item.arguments) {
      if (argument.name && argument.value)
        read_argument(argument, part);
      else if (argument.name && in_brackets)
        resolving_.error(
            fmt::format("Error parsing attribute \"@@{}\": The `{}` argument is missing a value.",
                        visitor_.current().name.text, argument.name->text),
            argument.name->span);
    }
    return part;
  }

  // Arguments with other names are not looked at.
  void read_argument(const Argument& argument, IndexField& part) {
    const std::string_view name = argument.name->text;
    if (name == "sort")
      part.sort = sort(argument);
    else if (name == "length")
      part.length = expect_integer(*argument.value, resolving_.diagnostics);
    else if (name == "ops")
      part.operator_class = operator_class(argument);
  }

  std::optional<SortOrder> sort(const Argument& argument) {
    const std::optional<std::string> word = expect_constant(*argument.value, resolving_.diagnostics);
    if (!word) return std::nullopt;
    if (*word == "Asc") return SortOrder::ascending;
    if (*word == "Desc") return SortOrder::descending;
    unexpected("Asc, Desc", argument.span);
    return std::nullopt;
  }

  std::optional<OperatorClass> operator_class(const Argument& argument) {
    using enum Expression::Kind;
    const Expression& value = *argument.value;
    if (value.kind == constant) {
      if (!operator_class_sql(value.text).empty()) return OperatorClass{.text = value.text, .is_raw = false};
      unexpected(fmt::format("Invalid operator class: {}", value.text), value.span);
    } else if (value.kind != function || value.text != "raw") {
      unexpected("operator class", argument.span);
    } else if (value.arguments.size() != 1) {
      unexpected(fmt::format("Wrong number of arguments. Expected: 1, got: {}", value.arguments.size()),
                 value.span);
    } else if (!value.arguments[0].value || value.arguments[0].value->kind != string) {
      unexpected("Invalid parameter type: expected string", value.span);
    } else {
      return OperatorClass{.text = value.arguments[0].value->text, .is_raw = true};
    }
    return std::nullopt;
  }

  void unexpected(std::string_view expected, const base::Span& span) {
    resolving_.error(fmt::format("Unexpected token. Expected one of: {}", expected), span);
  }

  Resolving& resolving_;
  AttributeVisitor& visitor_;
  ModelId model_id_;
  const Model& model_;
};

bool has_id(const std::vector<ModelIndex>& indexes) {
  return std::ranges::any_of(indexes, &ModelIndex::is_primary);
}

}  // namespace

void read_field_id(Resolving& resolving, AttributeVisitor& visitor, ScalarFieldId field,
                   std::vector<ModelIndex>& indexes) {
  IndexReader reader(resolving, visitor, resolving.resolved[field].model);
  if (has_id(indexes))
    reader.model_error("At most one field must be marked as the id field with the `@id` attribute.",
                       resolving.resolved[resolving.resolved[field].model].block->span);
  else
    indexes.push_back(reader.on_field(field, IndexKind::primary));
}

void read_field_unique(Resolving& resolving, AttributeVisitor& visitor, ScalarFieldId field,
                       std::vector<ModelIndex>& indexes) {
  IndexReader reader(resolving, visitor, resolving.resolved[field].model);
  indexes.push_back(reader.on_field(field, IndexKind::unique));
}

void read_block_id(Resolving& resolving, AttributeVisitor& visitor, ModelId model,
                   std::vector<ModelIndex>& indexes) {
  IndexReader reader(resolving, visitor, model);
  ModelIndex index = reader.make(IndexKind::primary);
  if (!reader.fields(index)) return;
  std::vector<ScalarFieldId> fields;
  for (const IndexField& field : index.fields) fields.push_back(field.field);
  reader.refuse_optional_fields(fields, "id", "ID");
  const bool is_second = has_id(indexes);
  if (is_second)
    reader.model_error(
        "Each model must have at most one id criteria. You can't have `@id` and `@@id` at the same time.",
        resolving.resolved[model].block->span);
  index.map = visitor.nonempty_string("map");
  index.client_name = reader.client_name();
  reader.check_client_name(index.client_name, "id");
  index.clustered = visitor.boolean("clustered");
  if (!is_second) indexes.push_back(std::move(index));
}

void read_block_index(Resolving& resolving, AttributeVisitor& visitor, ModelId model, IndexKind kind,
                      std::vector<ModelIndex>& indexes) {
  IndexReader reader(resolving, visitor, model);
  ModelIndex index = reader.make(kind);
  reader.fields(index);
  if (kind == IndexKind::unique) {
    index.client_name = reader.client_name();
    index.map = visitor.nonempty_string("map");
    reader.check_client_name(index.client_name, "unique");
  } else if (kind == IndexKind::normal) {
    index.map = reader.index_map();
    index.algorithm = reader.algorithm();
  } else {
    index.map = visitor.nonempty_string("map");
  }
  if (kind != IndexKind::fulltext) {
    index.clustered = visitor.boolean("clustered");
    index.where = read_predicate(resolving, visitor, model);
  }
  indexes.push_back(std::move(index));
}

void read_field_shard_key(Resolving& resolving, AttributeVisitor& visitor, ScalarFieldId field) {
  Model& model = resolving.resolved.models[resolving.resolved[field].model.value];
  if (model.shard_key)
    resolving.model_error(model,
                          "At most one field must be marked as the shard key with the `@shardKey` attribute.",
                          model.block->span);
  else
    model.shard_key = ShardKey{.fields = {field}, .attribute = &visitor.current(), .is_on_field = true};
}

void read_block_shard_key(Resolving& resolving, AttributeVisitor& visitor, ModelId id) {
  IndexReader reader(resolving, visitor, id);
  const Expression* list = visitor.required_argument("fields");
  if (list == nullptr) return;
  const FieldList found = read_field_list(resolving, *list, id, visitor.current().span, FieldListForm::plain);
  reader.report_id_fields(found, *list, "multi field shard key", "shard key", "Shard key");
  if (found.failed || !found.unknown.empty() || !found.relations.empty()) return;
  reader.refuse_optional_fields(found.fields, "shard key", "Shard key");
  Model& model = resolving.resolved.models[id.value];
  if (model.shard_key)
    resolving.model_error(
        model,
        "Each model must have at most one shard key. You can't have `@shardKey` and `@@shardKey` at the same "
        "time.",
        model.block->span);
  else
    model.shard_key = ShardKey{.fields = found.fields, .attribute = &visitor.current(), .is_on_field = false};
}

}  // namespace tenon::psl
