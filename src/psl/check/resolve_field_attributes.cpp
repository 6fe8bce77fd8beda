#include <algorithm>

#include <fmt/format.h>

#include "psl/check/resolve_attributes.h"
#include "psl/check/values.h"

namespace tenon::psl {

namespace {

std::optional<NativeTypeUse> read_native_type(AttributeVisitor& visitor) {
  const Attribute* attribute = visitor.take_native_type();
  if (attribute == nullptr) return std::nullopt;
  const std::string_view name = attribute->name.text;
  const std::size_t dot = name.find('.');
  NativeTypeUse use{
      .prefix = name.substr(0, dot), .name = name.substr(dot + 1), .arguments = {}, .attribute = attribute};
  for (const Argument& argument : attribute->arguments)
    if (argument.value) use.arguments.push_back(to_text(*argument.value));
  return use;
}

bool takes_native_type(const ScalarFieldType& type) {
  return !std::holds_alternative<UnsupportedType>(type) && !std::holds_alternative<CompositeTypeId>(type);
}

class FieldAttributes {
 public:
  FieldAttributes(Resolving& resolving, ScalarFieldId id, MappedNames& mapped_names,
                  std::vector<ModelIndex>& indexes)
      : resolving_(resolving),
        id_(id),
        field_(resolving.resolved.scalar_fields[id.value]),
        mapped_names_(mapped_names),
        indexes_(indexes),
        visitor_(field_.field->attributes, resolving.diagnostics) {}

  void run() {
    if (visitor_.visit("map")) {
      field_.map = read_mapped_name(visitor_, resolving_.diagnostics);
      if (field_.map) check_mapped_name();
      visitor_.finish_arguments();
    }
    if (visitor_.visit("ignore")) {
      field_.is_ignored = !field_.is_unsupported();
      if (field_.is_unsupported())
        visitor_.error(
            "Fields of type `Unsupported` cannot take an `@ignore` attribute. They are already treated as "
            "ignored by the client due to their type.");
      visitor_.finish_arguments();
    }
    if (visitor_.visit("relation")) {
      visitor_.error("Invalid field type, not a relation.");
      visitor_.finish_arguments();
    }
    if (visitor_.visit("id")) {
      read_field_id(resolving_, visitor_, id_, indexes_);
      visitor_.finish_arguments();
    }
    if (visitor_.visit("updatedAt")) {
      read_updated_at();
      visitor_.finish_arguments();
    }
    if (visitor_.visit("default")) {
      field_.default_value = read_default(resolving_, visitor_, field_);
      visitor_.finish_arguments();
    }
    if (takes_native_type(field_.type)) field_.native_type = read_native_type(visitor_);
    if (visitor_.visit("unique")) {
      read_field_unique(resolving_, visitor_, id_, indexes_);
      visitor_.finish_arguments();
    }
    if (visitor_.visit("shardKey")) {
      read_field_shard_key(resolving_, visitor_, id_);
      visitor_.finish_arguments();
    }
    visitor_.finish();
  }

 private:
  // Two columns of one name: a field mapped to the name of an earlier one, or to the name of a field that is
  // not mapped itself.
  void check_mapped_name() {
    const Resolved& resolved = resolving_.resolved;
    const Model& model = resolved[field_.model];
    const bool earlier = !mapped_names_.insert(field_.map->text).second;
    const std::optional<ScalarFieldId> other = resolved.find_scalar_field(field_.model, field_.map->text);
    const bool unmapped =
        other && std::ranges::none_of(resolved[*other].field->attributes,
                                      [](const Attribute& each) { return each.name.text == "map"; });
    if (earlier || unmapped)
      resolving_.error(fmt::format("Field \"{}\" is already defined on {} \"{}\".", field_.name(),
                                   block_word(model.block->kind), model.name()),
                       field_.field->line_span);
  }

  void read_updated_at() {
    if (field_.scalar() != Scalar::date_time)
      visitor_.error("Fields that are marked with @updatedAt must be of type DateTime.");
    if (field_.is_list()) visitor_.error("Fields that are marked with @updatedAt cannot be lists.");
    field_.is_updated_at = true;
  }

  Resolving& resolving_;
  ScalarFieldId id_;
  ScalarField& field_;
  MappedNames& mapped_names_;
  std::vector<ModelIndex>& indexes_;
  AttributeVisitor visitor_;
};

}  // namespace

void resolve_scalar_field_attributes(Resolving& resolving, ScalarFieldId id, MappedNames& mapped_names,
                                     std::vector<ModelIndex>& indexes) {
  FieldAttributes(resolving, id, mapped_names, indexes).run();
}

void resolve_composite_field_attributes(Resolving& resolving, CompositeField& field) {
  AttributeVisitor visitor(field.field->attributes, resolving.diagnostics);
  if (visitor.visit("map")) {
    field.map = read_mapped_name(visitor, resolving.diagnostics);
    visitor.finish_arguments();
  }
  if (visitor.visit("default")) {
    field.default_value = read_composite_default(resolving, visitor, field);
    visitor.finish_arguments();
  }
  if (takes_native_type(field.type)) field.native_type = read_native_type(visitor);
  visitor.finish();
}

}  // namespace tenon::psl
