#include <algorithm>

#include <fmt/format.h>

#include "psl/check/rules_stages.h"
#include "psl/operator_classes.h"

namespace tenon::psl {

namespace {

class OperatorClassCheck {
 public:
  OperatorClassCheck(const RuleContext& context, const ModelIndex& index, const IndexField& part)
      : context_(context),
        index_(index),
        part_(part),
        field_(context.resolved[part.field]),
        type_(to_string(index.algorithm.value_or(IndexAlgorithm::btree))),
        native_(field_.native_type ? field_.native_type->name : std::string_view()) {}

  void run() {
    if (part_.operator_class && part_.operator_class->is_raw) return;
    const OperatorClassRule* const rule =
        part_.operator_class ? find_operator_class(part_.operator_class->text) : nullptr;
    if (rule != nullptr && !rule->fits_index(type_))
      error(fmt::format("The given operator class `{}` is not supported with the `{}` index type.",
                        name_of(*rule), type_));
    else if (rule != nullptr)
      check(*rule);
    else if (type_ != "BTree" && type_ != "Hash")
      check_default();
  }

 private:
  void error(std::string_view message) {
    context_.attribute_error(attribute_name(index_), message, index_.attribute->span);
  }

  // Prisma calls one class by the name of another.
  std::string_view name_of(const OperatorClassRule& rule) const {
    const bool confused = context_.compat != PrismaCompat::none && rule.word == "UuidMinMaxMultiOps";
    return confused ? "BitMinMaxOps" : rule.word;
  }

  void check(const OperatorClassRule& rule) {
    if (rule.word == "ArrayOps") {
      if (!field_.is_list())
        error(
            fmt::format("The given operator class `ArrayOps` expects the type of field `{}` to be an array.",
                        field_.name()));
    } else if (!native_.empty()) {
      if (!rule.fits_native(native_))
        error(fmt::format("The given operator class `{}` does not support native type `{}` of field `{}`.",
                          name_of(rule), native_, field_.name()));
    } else if (!rule.scalar) {
      error(fmt::format("The given operator class `{}` expects the field `{}` to define a valid native type.",
                        name_of(rule), field_.name()));
    } else if (field_.scalar() != rule.scalar) {
      error(fmt::format("The given operator class `{}` points to the field `{}` that is not of {} type.",
                        name_of(rule), field_.name(), to_string(*rule.scalar)));
    }
  }

  // Whether the type has a class that is taken when none is given.
  bool has_default() const {
    if (type_ == "Gin" && field_.is_list()) return true;
    if (type_ == "Gist") return native_.empty() && field_.scalar() == Scalar::string;
    return std::ranges::any_of(operator_class_rules(), [&](const OperatorClassRule& rule) {
      return rule.fits_index(type_) &&
             (native_.empty() ? rule.scalar && rule.scalar == field_.scalar() : rule.fits_native(native_));
    });
  }

  void check_default() {
    if (field_.is_unsupported() || has_default()) return;
    if (native_.empty())
      error(fmt::format("The {} index type does not support the type of the field `{}`.", type_,
                        field_.name()));
    else
      error(fmt::format("The {} index field type `{}` has no default operator class.", type_, native_));
  }

  const RuleContext& context_;
  const ModelIndex& index_;
  const IndexField& part_;
  const ScalarField& field_;
  std::string_view type_;
  std::string_view native_;
};

}  // namespace

void check_operator_classes(const RuleContext& context, const ModelIndex& index) {
  for (const IndexField& part : index.fields) OperatorClassCheck(context, index, part).run();
}

}  // namespace tenon::psl
