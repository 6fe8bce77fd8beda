#include "server/known_operations.h"

#include <algorithm>
#include <iterator>
#include <map>
#include <set>

#include <fmt/format.h>

#include "graphql/json.h"
#include "graphql/operation.h"
#include "graphql/parser.h"
#include "graphql/printer.h"
#include "graphql/validation.h"

namespace tenon::server {

using graphql::DefinitionReference;
using graphql::Document;
using graphql::SelectionKind;

namespace {

constexpr std::string_view sha256_prefix = "sha256:";

std::string sha256_hex(std::string_view text) {
  const auto digest = base::sha256(text);
  return base::hex({reinterpret_cast<const char*>(digest.data()), digest.size()});
}

// Clients add __typename where their cache wants it, and it tells nobody anything.
void drop_type_names(Document& document, graphql::Range& range) {
  const auto begin = document.selections.begin() + range.first;
  std::vector<graphql::Selection> kept;
  std::copy_if(begin, begin + range.count, std::back_inserter(kept), [](const graphql::Selection& each) {
    return each.kind != SelectionKind::field || each.name.text != "__typename" || !each.alias.text.empty() ||
           !each.directives.empty();
  });
  if (kept.empty()) return;
  std::ranges::copy(kept, begin);
  range.count = graphql::row_count(kept);
}

void drop_type_names(Document& document) {
  for (auto& operation : document.operations) drop_type_names(document, operation.selections);
  for (auto& fragment : document.fragments) drop_type_names(document, fragment.selections);
  for (std::size_t i = 0; i < document.selections.size(); ++i) {
    graphql::Range range = document.selections[i].selections;
    if (range.empty()) continue;
    drop_type_names(document, range);
    document.selections[i].selections = range;
  }
}

std::string print_one(Document& document, DefinitionReference definition) {
  document.definitions = {definition};
  return graphql::print(document);
}

base::Hash128 meaning_of(Document document) {
  drop_type_names(document);
  std::vector<std::string> definitions;
  const auto all = document.definitions;
  definitions.reserve(all.size());
  for (const DefinitionReference& each : all) definitions.push_back(print_one(document, each));
  std::ranges::sort(definitions);
  std::string text;
  for (const std::string& each : definitions) text += each + '\0';
  return base::hash128(text);
}

}  // namespace

std::optional<base::Hash128> meaning_of(std::string_view text, const base::DocumentLimits& limits) {
  auto document = graphql::parse(std::string(text), limits);
  if (!document) return std::nullopt;
  return meaning_of(std::move(*document));
}

const std::string* KnownOperations::find(std::string_view id) const {
  if (const auto found = by_name_.find(id); found != by_name_.end()) return &found->second->text;
  if (id.starts_with(sha256_prefix)) id.remove_prefix(sha256_prefix.size());
  const auto found = by_id_.find(std::string(id));
  return found == by_id_.end() ? nullptr : &found->second->text;
}

bool KnownOperations::holds(std::string_view text, const base::DocumentLimits& limits) const {
  if (texts_.contains(base::hash128(text))) return true;
  const auto meaning = server::meaning_of(text, limits);
  return meaning && meanings_.contains(*meaning);
}

void KnownOperations::check(const graphql::Schema& schema, const base::DocumentLimits& limits,
                            base::Severity severity, base::Diagnostics& diagnostics) const {
  for (const auto& operation : operations_) {
    const auto document = graphql::parse(operation->text, limits);
    if (!document) continue;  // told when it was read
    for (const graphql::Error& error : graphql::validate(schema, *document, limits))
      diagnostics.add({.severity = severity,
                       .code = base::code::operation_invalid,
                       .message = fmt::format("{}: {}: {}", operation->file, operation->name, error.message),
                       .help = {}});
  }
}

// Reads files into a KnownOperations: first all documents, whose fragments belong to everybody, then the
// operations.
class OperationsReader {
 public:
  OperationsReader(const base::DocumentLimits& limits, base::Diagnostics& diagnostics)
      : limits_(limits), diagnostics_(diagnostics) {}

  void read_file(std::string file, std::string_view text) {
    if (file.ends_with(".json"))
      manifests_.emplace_back(std::move(file), text);
    else
      read_document(std::move(file), text);
  }

  KnownOperations finish() {
    for (std::size_t i = 0; i < documents_.size(); ++i) add_operations(i);
    for (const auto& [file, text] : manifests_) read_manifest(file, text);
    return std::move(known_);
  }

 private:
  struct ReadDocument {
    std::string file;
    Document document;
    std::vector<DefinitionReference> definitions;
  };
  struct Fragment {
    std::string text;
    std::set<std::string> uses;
    std::string file;
  };
  using Operation = KnownOperations::Operation;

  void error(std::string_view file, std::string_view what, std::string help = {}) {
    diagnostics_.error(base::code::operation_invalid, fmt::format("{}: {}", file, what), {}, std::move(help));
  }

  std::optional<Document> parse(const std::string& file, std::string_view text) {
    auto document = graphql::parse(std::string(text), limits_);
    if (document && document->type_system.empty()) return std::move(*document);
    if (document) {
      error(file, "a file of operations holds no types.");
    } else {
      const graphql::Error& wrong = document.error();
      const std::string place =
          wrong.locations.empty()
              ? file
              : fmt::format("{}:{}:{}", file, wrong.locations.front().line, wrong.locations.front().column);
      error(place, wrong.message);
    }
    return std::nullopt;
  }

  // Names of fragments that a selection spreads, at any depth.
  static void collect_spreads(const Document& document, graphql::Range range, std::set<std::string>& into) {
    for (std::uint32_t i = range.first; i < range.first + range.count; ++i) {
      const graphql::Selection& each = document.selections[i];
      if (each.kind == SelectionKind::fragment_spread) into.emplace(each.name.text);
      collect_spreads(document, each.selections, into);  // no deeper than the parser's nesting_max
    }
  }

  void read_document(std::string file, std::string_view text) {
    auto document = parse(file, text);
    if (!document) return;
    const auto definitions = document->definitions;
    for (const DefinitionReference& each : definitions) {
      if (each.kind != DefinitionReference::Kind::fragment) continue;
      const graphql::FragmentDefinition& fragment = document->fragments[each.index];
      Fragment read{.text = print_one(*document, each), .uses = {}, .file = file};
      collect_spreads(*document, fragment.selections, read.uses);
      const auto [known, added] = fragments_.emplace(std::string(fragment.name.text), read);
      if (!added && known->second.text != read.text)
        error(file,
              fmt::format("the fragment {} is another one in {}.", fragment.name.text, known->second.file),
              "rename one of them");
    }
    documents_.push_back(
        {.file = std::move(file), .document = std::move(*document), .definitions = definitions});
  }

  // Fragments in the order of their first use, as clients send them.
  void append_fragments(std::string& text, const std::set<std::string>& wanted,
                        std::set<std::string>& written) {
    for (const std::string& name : wanted) {
      const auto found = fragments_.find(name);
      if (found == fragments_.end() || !written.insert(name).second) continue;
      text += "\n\n" + found->second.text;
      append_fragments(text, found->second.uses, written);  // once for each fragment
    }
  }

  void add_operations(std::size_t index) {
    ReadDocument& read = documents_[index];
    for (const DefinitionReference& each : read.definitions) {
      if (each.kind != DefinitionReference::Kind::operation) continue;
      const graphql::OperationDefinition& operation = read.document.operations[each.index];
      if (operation.name.text.empty()) {
        error(read.file, "an operation has no name.", "write query Name { … }: clients ask for it by that");
        continue;
      }
      std::string text = print_one(read.document, each);
      std::set<std::string> uses;
      std::set<std::string> written;
      collect_spreads(read.document, operation.selections, uses);
      append_fragments(text, uses, written);
      add({.name = std::string(operation.name.text), .file = read.file, .text = std::move(text)}, {});
    }
    // The whole file is what a client sends that was given it as it is.
    known_.texts_.insert(base::hash128(*read.document.text));
    Document whole = read.document;
    whole.definitions = read.definitions;
    known_.meanings_.insert(meaning_of(std::move(whole)));
    if (read.document.operations.size() == 1 && !known_.operations_.empty())
      known_.by_id_.emplace(sha256_hex(*read.document.text), known_.operations_.back().get());
  }

  // That of Apollo's tools: {"operations": [{"id", "name", "body"}]}; that of GraphQL Code Generator and
  // Relay: {id: text}.
  void read_manifest(const std::string& file, std::string_view text) {
    const auto json = graphql::parse_json(text);
    if (!json) return error(file, fmt::format("the manifest is no JSON: {}.", json.error()));
    const graphql::JsonValue root(*json);
    if (root.kind() != graphql::JsonKind::object) return error(file, "the manifest is no JSON object.");
    if (const auto operations = root.member("operations");
        operations && operations.kind() == graphql::JsonKind::array) {
      for (const graphql::JsonValue each : operations) {
        const bool object = each.kind() == graphql::JsonKind::object;
        add_of_manifest(file, object ? each.member("id") : graphql::JsonValue(),
                        object ? each.member("body") : graphql::JsonValue());
      }
      return;
    }
    for (const graphql::JsonValue each : root) add_entry(file, each->key, each);
  }

  void add_of_manifest(const std::string& file, graphql::JsonValue id, graphql::JsonValue body) {
    if (!id || id.kind() != graphql::JsonKind::string)
      return error(file, "an operation of the manifest has no id.");
    add_entry(file, id->text, body);
  }

  void add_entry(const std::string& file, std::string_view id, graphql::JsonValue body) {
    if (!body || body.kind() != graphql::JsonKind::string)
      return error(file, fmt::format("the operation {} of the manifest has no text.", id));
    if (!parse(fmt::format("{}: {}", file, id), body->text)) return;
    add({.name = std::string(id), .file = file, .text = std::string(body->text)}, id);
  }

  // `id` of a manifest's operation, whose name may be that of others.
  void add(Operation operation, std::string_view id) {
    const auto& kept =
        known_.operations_.emplace_back(std::make_unique<const Operation>(std::move(operation)));
    const Operation* const added = kept.get();
    if (id.empty()) {
      const auto [known, fresh] = known_.by_name_.emplace(added->name, added);
      if (!fresh && known->second->text != added->text)
        error(added->file, fmt::format("{} is another operation in {}.", added->name, known->second->file),
              "rename one of them: clients ask for it by its name");
    } else {
      const auto [known, fresh] = known_.by_id_.emplace(std::string(id), added);
      if (!fresh && known->second->text != added->text)
        error(added->file,
              fmt::format("the id {} is that of another operation in {}.", id, known->second->file));
    }
    known_.by_id_.emplace(sha256_hex(added->text), added);
    known_.texts_.insert(base::hash128(added->text));
    if (const auto meaning = server::meaning_of(added->text, limits_)) known_.meanings_.insert(*meaning);
  }

  const base::DocumentLimits& limits_;
  base::Diagnostics& diagnostics_;
  std::vector<ReadDocument> documents_;
  std::vector<std::pair<std::string, std::string_view>> manifests_;
  std::map<std::string, Fragment> fragments_;
  KnownOperations known_;
};

KnownOperations KnownOperations::read(const base::SourceSet& sources,
                                      const std::vector<base::SourceId>& files,
                                      const base::DocumentLimits& limits, base::Diagnostics& diagnostics) {
  OperationsReader reader(limits, diagnostics);
  for (const base::SourceId file : files)
    reader.read_file(std::string(sources.path(file)), sources.text(file));
  return reader.finish();
}

}  // namespace tenon::server
