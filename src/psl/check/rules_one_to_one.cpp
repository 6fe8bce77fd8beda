#include <fmt/format.h>
#include <fmt/ranges.h>

#include "psl/check/relation_sides.h"
#include "psl/check/rules_stages.h"

namespace tenon::psl {

namespace {

constexpr std::string_view relation_attribute = "@relation";

class OneToOneRules {
 public:
  OneToOneRules(const RuleContext& context, const Relation& relation)
      : context_(context),
        relation_(relation),
        forward_(context, *relation.forward),
        back_(context, *relation.back) {}

  void run() {
    check_given("fields", forward_.has_fields() || back_.has_fields());
    check_given("references", forward_.has_references() || back_.has_references());
    if (forward_.has_references() && back_.has_references()) both("`references`");
    if (forward_.has_fields() && back_.has_fields()) both("`fields`");
    check_actions();
    check_unique();
    if (context_.clean()) check_same_side();
    if (context_.clean()) check_back_arity();
    if (context_.clean()) check_required_side();
  }

 private:
  void error(const RelationSide& side, std::string_view message) {
    context_.attribute_error(relation_attribute, message, side.span());
  }

  void both_sentence(const RelationSide& first, const RelationSide& second, std::string_view predicate,
                     const RelationSide& at) {
    error(at, fmt::format("The relation fields {} and {} {}", first.place(), second.place(), predicate));
  }

  void check_given(std::string_view argument, bool given) {
    if (given) return;
    const std::string predicate = fmt::format(
        "do not provide the `{}` argument in the @relation attribute. You have to provide it on "
        "one of the two fields.",
        argument);
    both_sentence(forward_, back_, predicate, forward_);
    both_sentence(back_, forward_, predicate, back_);
  }

  static std::string both_provide(std::string_view arguments) {
    return fmt::format(
        "both provide the {} argument in the @relation attribute. You have to provide it only "
        "on one of the two fields.",
        arguments);
  }

  void both(std::string_view argument) {
    both_sentence(forward_, back_, both_provide(argument), forward_);
    both_sentence(forward_, back_, both_provide(argument), back_);
  }

  void check_actions() {
    if (forward_.has_actions() && back_.has_actions()) {
      both_sentence(back_, forward_, both_provide("`onDelete` or `onUpdate`"), back_);
      both_sentence(forward_, back_, both_provide("`onDelete` or `onUpdate`"), forward_);
    } else if (back_.has_actions()) {
      error(back_, fmt::format("The relation field {} must not specify the `onDelete` or `onUpdate` argument "
                               "in the @relation attribute. You must only specify it on the {}.",
                               back_.place(), forward_.opposite_place()));
    }
  }

  // The key of the relation must be unique, or several rows could refer to one.
  void check_unique() {
    if (!forward_.field.fields) return;
    const auto& fields = *forward_.field.fields;
    if (context_.keys.is_unique(relation_.from, fields)) return;
    std::vector<std::string_view> names;
    names.reserve(fields.size());
    for (const ScalarFieldId field : fields) names.push_back(context_.resolved[field].name());
    const std::string advice =
        names.size() == 1 ? fmt::format("`@unique` attribute to the field `{}`", names.front())
                          : fmt::format("`@@unique([{}])` attribute to the model", fmt::join(names, ", "));
    error(forward_, fmt::format("A one-to-one relation must use unique fields on the defining side. Either "
                                "add an {}, or change the relation to one-to-many.",
                                advice));
  }

  std::string apart(const RelationSide& side, std::string_view argument, std::string_view other) {
    return fmt::format(
        "The relation field {} provides the `{}` argument in the @relation attribute. And the related field "
        "{} provides the `{}` argument. You must provide both arguments on the same side.",
        side.place(), argument, (&side == &forward_ ? back_ : forward_).place(), other);
  }

  void check_same_side() {
    if (forward_.has_fields() && back_.has_references()) {
      error(forward_, apart(forward_, "fields", "references"));
      error(back_, apart(forward_, "fields", "references"));
    }
    if (forward_.has_references() && back_.has_fields())
      error(forward_, apart(forward_, "references", "fields"));
  }

  void check_back_arity() {
    if (!back_.field.is_required()) return;
    error(back_, fmt::format("The relation field {} is required. This is not valid because it's not possible "
                             "to enforce this constraint on the database level. Please change the field type "
                             "from `{}` to `{}?` to fix this.",
                             back_.place(), forward_.model.name(), forward_.model.name()));
  }

  void check_required_side() {
    if (!forward_.field.is_required() || (!back_.field.fields && !back_.field.references)) return;
    error(
        back_,
        fmt::format("The relation field `{}.{}` defines the `fields` and/or `references` argument. You must "
                    "set them on the required side of the relation (`{}.{}`) in order for the constraints to "
                    "be enforced. Alternatively, you can change this field to be required and the opposite "
                    "optional, or make both sides of the relation optional.",
                    back_.model.name(), back_.field.name_of_field(), forward_.model.name(),
                    forward_.field.name_of_field()));
  }

  const RuleContext& context_;
  const Relation& relation_;
  RelationSide forward_;
  RelationSide back_;
};

}  // namespace

void check_one_to_one(const RuleContext& context, const Relation& relation) {
  check_opposite(context, relation);
  if (relation.forward && relation.back) OneToOneRules(context, relation).run();
}

}  // namespace tenon::psl
