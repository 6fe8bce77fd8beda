#include "lsp/workspace.h"

#include <algorithm>

#include "base/limits.h"
#include "lsp/uri.h"

namespace tenon::lsp {

std::optional<base::SourceId> Analysis::find(std::string_view path) const {
  const auto found = std::ranges::find(paths, path);
  if (found == paths.end()) return std::nullopt;
  return base::SourceId{static_cast<std::uint32_t>(found - paths.begin())};
}

bool Workspace::open(const std::string& path, const std::string& uri, std::int64_t version,
                     std::string text) {
  if (documents_.size() >= base::lsp_documents_max && !is_open(path)) return false;
  files_.clear();  // a new file may belong to a schema that is known
  documents_[path] = {.uri = uri, .version = version, .text = std::move(text)};
  invalidate(path);
  return true;
}

void Workspace::change(const std::string& path, std::int64_t version,
                       const std::vector<TextChange>& changes) {
  const auto document = documents_.find(path);
  if (document == documents_.end()) return;
  std::string& text = document->second.text;
  for (const TextChange& each : changes) {
    if (!each.range) {
      text = each.text;
      continue;
    }
    const LineIndex lines(text);
    const std::uint32_t begin = lines.offset(each.range->start);
    const std::uint32_t end = std::max(begin, lines.offset(each.range->end));
    text.replace(begin, end - begin, each.text);
  }
  document->second.version = version;
  invalidate(path);
}

void Workspace::close(const std::string& path) {
  invalidate(path);
  documents_.erase(path);
  read_.erase(path);
}

void Workspace::forget_disk() {
  files_.clear();
  read_.clear();
  analyses_.clear();
}

std::vector<std::string> Workspace::open_paths() const {
  std::vector<std::string> paths;
  for (const auto& [path, document] : documents_) paths.push_back(path);
  return paths;
}

std::string Workspace::uri(const std::string& path) const {
  const auto document = documents_.find(path);
  return document != documents_.end() ? document->second.uri : uri_of_path(path);
}

std::optional<std::int64_t> Workspace::version(const std::string& path) const {
  const auto document = documents_.find(path);
  return document != documents_.end() ? std::optional(document->second.version) : std::nullopt;
}

const std::vector<std::string>& Workspace::files_of(const std::string& path) {
  const auto known = files_.find(path);
  if (known != files_.end()) return known->second;
  std::vector<std::string> files = disk_.schema_files(path);
  if (std::ranges::find(files, path) == files.end()) files = {path};
  for (const std::string& file : files) files_[file] = files;
  return files_[path];
}

std::string Workspace::text_of(const std::string& path) {
  if (const auto document = documents_.find(path); document != documents_.end()) return document->second.text;
  const auto known = read_.find(path);
  if (known != read_.end()) return known->second;
  return read_[path] = disk_.read(path).value_or("");
}

void Workspace::invalidate(const std::string& path) { analyses_.erase(files_of(path).front()); }

const Analysis& Workspace::analysis_of(const std::string& path) {
  const std::vector<std::string>& files = files_of(path);
  std::unique_ptr<Analysis>& analysis = analyses_[files.front()];
  if (analysis && analysis->paths == files) return *analysis;
  analysis = std::make_unique<Analysis>();
  analysis->paths = files;
  std::vector<base::SourceId> ids;
  for (const std::string& file : files) {
    ids.push_back(analysis->sources.add(file, text_of(file)));
    analysis->lines.emplace_back(analysis->sources.text(ids.back()));
  }
  analysis->schema = psl::check_schema(analysis->sources, ids, analysis->diagnostics);
  analysis->symbols = SymbolTable(analysis->schema.trees);
  return *analysis;
}

}  // namespace tenon::lsp
