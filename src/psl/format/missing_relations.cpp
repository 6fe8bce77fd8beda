#include "psl/format/missing_relations.h"

#include <algorithm>
#include <optional>
#include <set>
#include <tuple>
#include <utility>

#include <fmt/format.h>

#include "base/ascii.h"
#include "base/english.h"
#include "psl/format/spelling.h"
#include "psl/lexer.h"

namespace tenon::psl {

namespace {

bool is_lower(char c) { return c >= 'a' && c <= 'z'; }
bool is_upper(char c) { return c >= 'A' && c <= 'Z'; }
using base::is_digit;
bool is_letter(char c) { return is_lower(c) || is_upper(c) || static_cast<unsigned char>(c) >= 0x80; }
char to_lower(char c) { return is_upper(c) ? static_cast<char>(c + ('a' - 'A')) : c; }
char to_upper(char c) { return is_lower(c) ? static_cast<char>(c - ('a' - 'A')) : c; }

// Plurals of Prisma's formatter that are not those of English as the API spells it.
constexpr std::pair<std::string_view, std::string_view> other_plurals[] = {
    {"audio", "audios"},      {"bison", "bisons"},       {"buffalo", "buffalos"},    {"chassis", "chasses"},
    {"cod", "cods"},          {"dogma", "dogmas"},       {"echo", "echos"},          {"elk", "elks"},
    {"evidence", "evidence"}, {"fish", "fishes"},        {"furniture", "furniture"}, {"genus", "genus"},
    {"german", "germans"},    {"help", "help"},          {"knowledge", "knowledge"}, {"luggage", "luggage"},
    {"media", "medias"},      {"money", "money"},        {"moose", "mooses"},        {"norman", "normans"},
    {"octopus", "octopi"},    {"roman", "romans"},       {"salmon", "salmons"},      {"schema", "schemas"},
    {"shaman", "shamans"},    {"shrimp", "shrimps"},     {"staff", "staffs"},        {"stigma", "stigmas"},
    {"swine", "swines"},      {"talisman", "talismans"}, {"tornado", "tornados"},    {"trout", "trouts"},
    {"tuna", "tunas"},        {"volcano", "volcanos"},   {"weather", "weather"},
};

std::string plural_of(const std::string& noun) {
  const auto* found =
      std::ranges::find(other_plurals, noun, &std::pair<std::string_view, std::string_view>::first);
  return found != std::end(other_plurals) ? std::string(found->second) : base::plural(noun);
}

std::string_view arity_text(Arity arity) {
  switch (arity) {
    case Arity::required:
      return "";
    case Arity::optional:
      return "?";
    case Arity::list:
      return "[]";
    case Arity::optional_list:
      return "[]?";
  }
  return {};
}

// A column of the foreign key: one that exists, or one to add like the field it refers to.
struct KeyColumn {
  std::string name;
  std::optional<ScalarFieldId> existing;
  ScalarFieldId referenced;
};

class Completion {
 public:
  Completion(const base::SourceSet& sources, const Resolved& resolved, bool prisma_compat)
      : sources_(sources), resolved_(resolved), prisma_compat_(prisma_compat) {}

  std::vector<Insertion> run() {
    for (const Relation& relation : resolved_.relations)
      if (relation.kind == RelationKind::one_to_one || relation.kind == RelationKind::one_to_many)
        complete(relation);
    std::ranges::sort(found_, {}, [](const Placed& placed) {
      return std::tuple(placed.insertion.source.value, placed.insertion.offset, placed.order);
    });
    std::vector<Insertion> insertions;
    insertions.reserve(found_.size());
    for (Placed& placed : found_) insertions.push_back(std::move(placed.insertion));
    return insertions;
  }

 private:
  struct Placed {
    Insertion insertion;
    std::size_t order = 0;
  };

  void add(base::SourceId source, std::uint32_t offset, std::string text) {
    found_.push_back({{.source = source, .offset = offset, .text = std::move(text)}, found_.size()});
  }

  // A line before the closing brace.
  void add_line(ModelId model, std::string text) {
    const base::Span& span = resolved_[model].block->span;
    add(span.source, span.end - 1, std::move(text) + '\n');
  }

  void complete(const Relation& relation) {
    if (!relation.back && relation.forward) add_back_field(relation);
    const std::vector<KeyColumn> columns = key_columns(relation);
    if (columns.empty()) return;
    if (relation.forward)
      add_arguments(resolved_[*relation.forward], columns);
    else
      add_forward_field(relation, columns);
    for (const KeyColumn& column : columns)
      if (!column.existing) add_column(relation, column);
  }

  void add_back_field(const Relation& relation) {
    const Model& model = resolved_[relation.from];
    const auto& fields = resolved_[*relation.forward].fields;
    const bool is_list = relation.kind == RelationKind::one_to_many &&
                         !(fields && resolved_.is_unique(relation.from, *fields));
    const std::string name = camel_case(model.name());
    add_line(relation.to, fmt::format("{} {}{}{}{}", free_name(relation.to, is_list ? plural_of(name) : name),
                                      model.name(), is_list ? "[]" : "?",
                                      relation_attribute(resolved_[*relation.forward].name),
                                      model.is_ignored ? " @ignore" : ""));
  }

  std::string relation_attribute(const std::optional<std::string>& name) const {
    if (!name || prisma_compat_) return {};
    return fmt::format(" @relation({})", encode_string(*name));
  }

  bool is_taken(ModelId model, const std::string& name) const {
    return added_.contains({model, name}) || resolved_.find_scalar_field(model, name) ||
           resolved_.find_relation_field(model, name);
  }

  // `name`, with a number when the model has such a field.
  std::string free_name(ModelId model, const std::string& name) {
    std::string found = name;
    for (int number = 2; !prisma_compat_ && is_taken(model, found); ++number)
      found = fmt::format("{}{}", name, number);
    added_.emplace(model, found);
    return found;
  }

  void add_forward_field(const Relation& relation, const std::vector<KeyColumn>& columns) {
    const Model& target = resolved_[relation.to];
    const bool is_required = std::ranges::all_of(columns, [&](const KeyColumn& column) {
      return column.existing && resolved_[*column.existing].is_required();
    });
    const auto& name = resolved_[*relation.back].name;
    add_line(relation.from,
             fmt::format("{} {}{} @relation({}{}, {})", free_name(relation.from, camel_case(target.name())),
                         target.name(), is_required ? "" : "?",
                         name && !prisma_compat_ ? encode_string(*name) + ", " : "", fields_argument(columns),
                         references_argument(columns)));
  }

  void add_arguments(const RelationField& field, const std::vector<KeyColumn>& columns) {
    std::string text;
    if (!field.fields) text = fields_argument(columns);
    if (!field.references) text += (text.empty() ? "" : ", ") + references_argument(columns);
    if (text.empty()) return;
    if (field.attribute == nullptr) {
      const base::Span& type = field.field->type.span;
      return add(type.source, type.end, fmt::format(" @relation({})", text));
    }
    const base::Span& span = field.attribute->span;
    const std::size_t closing = sources_.text(span).rfind(')');
    if (closing == std::string_view::npos)
      return add(span.source, field.attribute->name.span.end, '(' + text + ')');
    add(span.source, span.begin + static_cast<std::uint32_t>(closing),
        (field.attribute->arguments.empty() ? "" : ", ") + text);
  }

  void add_column(const Relation& relation, const KeyColumn& column) {
    const ScalarField& referenced = resolved_[column.referenced];
    const Arity arity = relation.forward ? resolved_[*relation.forward].arity() : Arity::optional;
    std::string native;
    if (referenced.native_type)
      format::append_attribute(native += " @", sources_, *referenced.native_type->attribute);
    add_line(relation.from, fmt::format("{} {}{}{}", column.name, referenced.field->type.name.text,
                                        arity_text(arity), native));
  }

  // The columns that the foreign key has or will have, each with the field it refers to. Empty when there is
  // nothing to refer to, or nothing missing.
  std::vector<KeyColumn> key_columns(const Relation& relation) {
    const RelationField* forward = relation.forward ? &resolved_[*relation.forward] : nullptr;
    std::vector<ScalarFieldId> referenced;
    if (forward != nullptr && forward->references)
      referenced = *forward->references;
    else
      referenced = referenced_key(relation.to);
    std::vector<KeyColumn> columns;
    for (std::size_t i = 0; i < referenced.size(); ++i) {
      KeyColumn column{.name = {}, .existing = {}, .referenced = referenced[i]};
      if (forward != nullptr && forward->fields) {
        if (i >= forward->fields->size()) break;
        column.existing = (*forward->fields)[i];
        column.name = resolved_[*column.existing].name();
      } else {
        column.name = column_name(resolved_[relation.to].name(), resolved_[referenced[i]].name());
        // Two relations may want the same new column. As in Prisma it is then written twice, which the
        // checker refuses: what the columns of a table are called is for its author to say.
        column.existing = resolved_.find_scalar_field(relation.from, column.name);
        if (!column.existing) added_.emplace(relation.from, column.name);
      }
      columns.push_back(std::move(column));
    }
    return columns;
  }

  // The first id or unique index of required fields.
  std::vector<ScalarFieldId> referenced_key(ModelId model) const {
    std::optional<ModelIndexId> best = resolved_[model].id;
    if (!best)
      for (const ModelIndexId id : resolved_[model].indexes)
        if (!best && resolved_[id].is_unique() && is_strict(resolved_[id])) best = id;
    std::vector<ScalarFieldId> fields;
    if (best)
      for (const IndexField& field : resolved_[*best].fields) fields.push_back(field.field);
    return fields;
  }

  bool is_strict(const ModelIndex& index) const {
    return std::ranges::all_of(index.fields, [&](const IndexField& field) {
      return resolved_[field.field].is_required() && !resolved_[field.field].is_unsupported();
    });
  }

  // `User` and `id` as `userId`.
  static std::string column_name(std::string_view model, std::string_view field) {
    std::string name(model);
    name.front() = to_lower(name.front());
    const std::size_t joint = name.size();
    name += field;
    name[joint] = to_upper(name[joint]);
    return name;
  }

  std::string fields_argument(const std::vector<KeyColumn>& columns) const {
    std::string text = "fields: [";
    for (std::size_t i = 0; i < columns.size(); ++i) (text += i > 0 ? ", " : "") += columns[i].name;
    return text + ']';
  }

  std::string references_argument(const std::vector<KeyColumn>& columns) const {
    std::string text = "references: [";
    for (std::size_t i = 0; i < columns.size(); ++i)
      (text += i > 0 ? ", " : "") += resolved_[columns[i].referenced].name();
    return text + ']';
  }

  const base::SourceSet& sources_;
  const Resolved& resolved_;
  bool prisma_compat_;
  std::vector<Placed> found_;
  std::set<std::pair<ModelId, std::string>> added_;  // names of new fields
};

}  // namespace

std::vector<Insertion> missing_relation_parts(const base::SourceSet& sources, const Resolved& resolved,
                                              bool prisma_compat) {
  return Completion(sources, resolved, prisma_compat).run();
}

std::string insert(const base::SourceSet& sources, base::SourceId source,
                   std::span<const Insertion> insertions) {
  const std::string_view text = sources.text(source);
  std::string out;
  std::uint32_t copied = 0;
  for (const Insertion& insertion : insertions) {
    if (insertion.source != source) continue;
    out += text.substr(copied, insertion.offset - copied);
    out += insertion.text;
    copied = insertion.offset;
  }
  out += text.substr(copied);
  return out;
}

std::string camel_case(std::string_view name) {
  while (!name.empty() && !is_letter(name.back()) && !is_digit(name.back())) name.remove_suffix(1);
  std::string out;
  bool is_new_word = false;
  char last = ' ';  // the last letter that did not begin a word
  for (const char c : name) {
    if (is_digit(c)) {
      out += c;
      is_new_word = true;
    } else if (!is_letter(c)) {
      is_new_word = !out.empty();
    } else if (is_new_word || (is_lower(last) && is_upper(c))) {
      out += to_upper(c);
      is_new_word = false;
    } else {
      out += to_lower(c);
      last = c;
    }
  }
  return out;
}

}  // namespace tenon::psl
