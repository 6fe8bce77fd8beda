#include <algorithm>
#include <array>

#include <fmt/format.h>

#include "psl/check/configuration_blocks.h"
#include "psl/check/values.h"

namespace tenon::psl {

namespace {

using base::code::schema_invalid;

class GeneratorReader {
 public:
  GeneratorReader(const Block& block, Provider provider, PrismaCompat compat, base::Diagnostics& diagnostics)
      : block_(block), provider_(provider), compat_(compat), diagnostics_(diagnostics) {}

  // Whether the block has what every generator must have.
  bool check_provider() {
    if (const Property* engine = find_property(block_, "engineType"))
      if (engine->value->kind != Expression::Kind::string)
        report_mismatch("String", *engine->value, diagnostics_);
    if (const Property* provider = find_property(block_, "provider"))
      return string_or_environment(*provider->value, diagnostics_).has_value();
    diagnostics_.error(
        schema_invalid,
        fmt::format("Argument \"provider\" is missing in generator block \"{}\".", block_.name.text),
        block_.span);
    return false;
  }

  void check_output() {
    if (const Property* output = find_property(block_, "output"))
      string_or_environment(*output->value, diagnostics_);
    if (const Property* targets = find_property(block_, "binaryTargets"))
      for (const Expression* target : items_of(*targets->value)) string_or_environment(*target, diagnostics_);
  }

  PreviewFeatures preview_features() {
    PreviewFeatures features;
    const Property* const property = find_property(block_, "previewFeatures");
    if (property == nullptr) return features;
    std::vector<std::string_view> names;
    bool complete = true;
    for (const Expression* item : items_of(*property->value)) {
      if (const std::string* name = expect_string(*item, diagnostics_))
        names.push_back(*name);
      else
        complete = false;
    }
    if (!complete) return features;
    for (const std::string_view name : names) add(features, name, property->value->span);
    return features;
  }

  // Other keys are the generator's own; only the form of env() is checked.
  void check_others() {
    static constexpr std::array<std::string_view, 4> known{"provider", "output", "binaryTargets",
                                                           "previewFeatures"};
    for (const Property& property : block_.properties) {
      if (std::ranges::find(known, property.key.text) != known.end()) continue;
      for (const Expression* value : items_of(*property.value))
        if (value->kind == Expression::Kind::function && value->text == "env")
          string_or_environment(*value, diagnostics_);
    }
  }

 private:
  void add(PreviewFeatures& features, std::string_view name, const base::Span& span) {
    const std::optional<PreviewFeature> feature = find_preview_feature(name);
    const FeatureState state = feature ? feature_state(*feature, compat_, provider_) : FeatureState::unknown;
    if (state == FeatureState::unknown) {
      diagnostics_.error(schema_invalid,
                         fmt::format("The preview feature \"{}\" is not known. Expected one of: {}", name,
                                     active_features(compat_, provider_)),
                         span);
      return;
    }
    if (feature == PreviewFeature::full_text_search && provider_ == Provider::postgresql) {
      features.add(PreviewFeature::full_text_search_postgres);
      warn(fmt::format("On `provider = \"postgresql\"`, preview feature \"{}\" has been renamed to \"{}\". "
                       "Learn more at https://pris.ly/d/fts-postgres.",
                       name, to_string(PreviewFeature::full_text_search_postgres)),
           span);
      return;
    }
    features.add(*feature);
    if (state == FeatureState::finished)
      warn(fmt::format("Preview feature \"{}\" is deprecated. The functionality can be used without "
                       "specifying it as a preview feature.",
                       name),
           span);
    if (state == FeatureState::leaving)
      warn(fmt::format(
               "Preview feature \"{}\" is deprecated. It will be removed in a future version of Prisma.",
               name),
           span);
  }

  void warn(std::string message, const base::Span& span) {
    diagnostics_.warning(schema_invalid, std::move(message), span);
  }

  const Block& block_;
  Provider provider_;
  PrismaCompat compat_;
  base::Diagnostics& diagnostics_;
};

}  // namespace

std::optional<Generator> read_generator(const base::SourceSet& sources, const Block& block, Provider provider,
                                        PrismaCompat compat, base::Diagnostics& diagnostics) {
  Generator generator{.name = std::string(block.name.text), .properties = {}, .preview_features = {}};
  if (!keep_properties(sources, block, generator.properties, diagnostics)) return std::nullopt;
  GeneratorReader reader(block, provider, compat, diagnostics);
  if (!reader.check_provider()) return std::nullopt;
  reader.check_output();
  generator.preview_features = reader.preview_features();
  reader.check_others();
  return generator;
}

}  // namespace tenon::psl
