#include <algorithm>
#include <tuple>

#include <fmt/format.h>

#include "psl/check/resolve.h"

namespace tenon::psl {

namespace {

class RelationResolver {
 public:
  explicit RelationResolver(Resolving& resolving) : resolved_(resolving.resolved) {}

  void run() {
    const auto count = static_cast<std::uint32_t>(resolved_.relation_fields.size());
    for (std::uint32_t i = 0; i < count; ++i) group(RelationFieldId{i}).push_back(RelationFieldId{i});
    for (std::uint32_t i = 0; i < count; ++i) pair(RelationFieldId{i});
  }

 private:
  // Fields of one relation have one key: the relation's name and the two models, from one side's view.
  static std::string key(ModelId model, ModelId target, const RelationField& field) {
    return fmt::format("{} {} {}{}", model.value, target.value, field.name ? "=" : "",
                       field.name.value_or(""));
  }

  const RelationField& at(RelationFieldId id) const { return resolved_[id]; }

  std::vector<RelationFieldId>& group(RelationFieldId id) {
    return groups_[key(at(id).model, at(id).target, at(id))];
  }

  // The first field that could stand for `id` on the other side. More than one is an error of the rules.
  std::optional<RelationFieldId> opposite(RelationFieldId id) const {
    const auto found = groups_.find(key(at(id).target, at(id).model, at(id)));
    if (found == groups_.end()) return std::nullopt;
    for (const RelationFieldId other : found->second)
      if (other != id) return other;
    return std::nullopt;
  }

  void pair(RelationFieldId id) {
    const RelationField& field = at(id);
    const std::optional<RelationFieldId> other = opposite(id);
    if (!other) {
      alone(id);
      return;
    }
    const RelationField& back = at(*other);
    if (field.is_list() && back.is_list()) {
      if (comes_first(id, *other)) {
        const bool embedded = field.fields || back.fields;
        add(embedded ? RelationKind::embedded_many_to_many : RelationKind::implicit_many_to_many, id, *other);
      }
    } else if (field.is_list()) {
      return;  // the other side adds it
    } else if (back.is_list()) {
      add(RelationKind::one_to_many, id, *other);
    } else if (is_forward(id, *other)) {
      add(RelationKind::one_to_one, id, *other);
    }
  }

  // Whether `id` is the side of a one-to-one relation that has the foreign key: the required one, then the
  // one with `fields`, then the first in the alphabet.
  bool is_forward(RelationFieldId id, RelationFieldId other) const {
    const RelationField& field = at(id);
    const RelationField& back = at(other);
    if (field.is_required() != back.is_required()) return field.is_required();
    if (field.fields.has_value() != back.fields.has_value()) return field.fields.has_value();
    return comes_first(id, other);
  }

  bool comes_first(RelationFieldId id, RelationFieldId other) const {
    const auto order = [&](RelationFieldId each) {
      return std::tuple(resolved_[at(each).model].name(), at(each).name_of_field(), each);
    };
    return order(id) < order(other);
  }

  void alone(RelationFieldId id) {
    Relation relation;
    relation.kind = RelationKind::one_to_many;
    const RelationField& field = at(id);
    relation.from = field.is_list() ? field.target : field.model;
    relation.to = field.is_list() ? field.model : field.target;
    (field.is_list() ? relation.back : relation.forward) = id;
    store(relation);
  }

  void add(RelationKind kind, RelationFieldId forward, RelationFieldId back) {
    store({.kind = kind, .from = at(forward).model, .to = at(back).model, .forward = forward, .back = back});
  }

  void store(const Relation& relation) {
    const RelationId id{static_cast<std::uint32_t>(resolved_.relations.size())};
    for (const std::optional<RelationFieldId>& field : {relation.forward, relation.back})
      if (field && !at(*field).relation) resolved_.relation_fields[field->value].relation = id;
    resolved_.relations.push_back(relation);
  }

  Resolved& resolved_;
  std::unordered_map<std::string, std::vector<RelationFieldId>> groups_;
};

}  // namespace

void resolve_relations(Resolving& resolving) { RelationResolver(resolving).run(); }

}  // namespace tenon::psl
